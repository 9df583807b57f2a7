package org.blockrecurrent.benchmarks.nativepeers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.benchmarks.peers.PeerException;
import org.blockrecurrent.benchmarks.peers.UnsupportedWorkException;
import org.blockrecurrent.benchmarks.workload.TrainingWork;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DjlPeerTest {
    @TempDir
    Path folder;

    @Test
    void a_training_is_refused_before_anything_is_traced() {
        Path file = folder.resolve("work.safetensors");
        WorkFile.write(file, TrainingWork.of(1, 2, 4, 2, 1));
        DjlPeer peer = new DjlPeer(new Tracer("no-such-python", "torch_trace.py"));
        assertThatThrownBy(() -> peer.load(file, 1))
                .isInstanceOf(UnsupportedWorkException.class)
                .hasMessageContaining("forward pass");
    }

    @Test
    void a_python_that_cannot_trace_is_named_with_the_remedy() {
        Path module = folder.resolve("work.pt");
        assertThatThrownBy(() -> new Tracer("no-such-python", "torch_trace.py").trace(folder, module))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("no-such-python");
        assertThatThrownBy(() -> new Tracer("sh", "torch_trace.py").trace(folder, module))
                .isInstanceOf(PeerException.class)
                .hasMessageContainingAll("torch_trace.py", "scripts/peers-python");
    }
}
