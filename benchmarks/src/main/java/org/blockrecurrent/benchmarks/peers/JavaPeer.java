package org.blockrecurrent.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import org.blockrecurrent.benchmarks.workload.BenchmarkDevice;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.Backend;
import org.jspecify.annotations.Nullable;

/** The product as a {@link Peer}: its vector backend, in the JVM that this main class is started on. */
public final class JavaPeer {
    private @Nullable Backend backend;

    private JavaPeer() {}

    public static void main(String[] args) throws IOException {
        PeerServer.serve("Raptor for Java on JDK " + System.getProperty("java.runtime.version"), new JavaPeer()::load);
    }

    private Work.Run load(Path file, int threads) {
        if (backend != null) {
            backend.close();
        }
        backend = BenchmarkDevice.open("vector", threads);
        return WorkFile.open(file, backend);
    }
}
