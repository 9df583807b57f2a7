package org.blockrecurrent.benchmarks.nativepeers;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.benchmarks.peers.PeerServer;
import org.blockrecurrent.benchmarks.peers.UnsupportedWorkException;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS through JavaCPP: {@code y = x Wᵀ} by one call of {@code cblas_sgemm}, the weight as it stands in the file. */
public final class OpenBlasPeer {
    /** JavaCPP maps the products; what it leaves out, JNA finds through the library that it loads. */
    private final NativeLibrary library = NativeLibrary.getInstance(Loader.load(openblas_nolapack.class));

    public static void main(String[] args) throws IOException {
        OpenBlasPeer peer = new OpenBlasPeer();
        PeerServer.serve(peer.description(), peer::load);
    }

    /** Version, options and the kernel that it picked for this processor. */
    String description() {
        return text("openblas_get_config") + ", kernel " + text("openblas_get_corename");
    }

    private String text(String function) {
        return library.getFunction(function).invokeString(new Object[0], false).strip();
    }

    Work.Run load(Path file, int threads) {
        if (!(WorkFile.read(file) instanceof GemmWork size)) {
            throw new UnsupportedWorkException("OpenBLAS computes matrix products only");
        }
        library.getFunction("openblas_set_num_threads").invokeVoid(new Object[] {threads});
        try (SafetensorsFile numbers = SafetensorsFile.open(file)) {
            return new Product(
                    size,
                    new FloatPointer(numbers.floats(Work.INPUT + "x")),
                    new FloatPointer(numbers.floats("weight")),
                    new FloatPointer((long) size.m() * size.n()));
        }
    }

    private record Product(GemmWork size, FloatPointer x, FloatPointer weight, FloatPointer y) implements Work.Run {
        @Override
        public double once() {
            int m = size.m();
            int k = size.k();
            int n = size.n();
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1, x, k, weight, k, 0, y, n);
            return y.get(0);
        }

        @Override
        public Map<String, double[]> results() {
            once();
            double[] output = new double[size.m() * size.n()];
            for (int i = 0; i < output.length; i++) {
                output[i] = y.get(i);
            }
            return Map.of("output", output);
        }
    }
}
