package org.blockrecurrent.benchmarks.nativepeers;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtEngine;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.blockrecurrent.benchmarks.peers.PeerException;
import org.blockrecurrent.benchmarks.peers.PeerServer;
import org.blockrecurrent.benchmarks.peers.UnsupportedWorkException;
import org.blockrecurrent.benchmarks.workload.BlockWork;
import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.Pass;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch through DJL: the TorchScript that {@code torch_trace.py} makes of the same operations as PyTorch eager runs.
 * Inference only. All natives come from Maven; nothing is downloaded when it runs.
 */
public final class DjlPeer {
    private final Tracer tracer;
    private @Nullable Model model;

    DjlPeer(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Arguments: the Python that traces, and {@code torch_trace.py}. */
    public static void main(String[] args) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        Engine engine = Engine.getEngine(PtEngine.ENGINE_NAME);
        String description = "PyTorch " + engine.getVersion() + " through DJL " + Engine.getDjlVersion();
        PeerServer.serve(description + ", TorchScript", new DjlPeer(new Tracer(args[0], args[1]))::load);
    }

    Work.Run load(Path file, int threads) {
        String input = Work.INPUT + input(WorkFile.read(file));
        if (model != null) {
            model.close();
        }
        model = Model.newInstance("work", PtEngine.ENGINE_NAME);
        load(model, file);
        JniUtils.setNumThreads(threads);
        try (SafetensorsFile numbers = SafetensorsFile.open(file)) {
            int[] dims = numbers.shape(input).dims();
            Shape shape = new Shape(IntStream.of(dims).asLongStream().toArray());
            return new Forward(model, model.getNDManager().create(numbers.floats(input), shape));
        }
    }

    private static String input(Work work) {
        if (work instanceof EncoderWork) {
            return "images";
        }
        if (work instanceof GemmWork || work instanceof BlockWork block && block.pass() == Pass.FORWARD) {
            return "x";
        }
        throw new UnsupportedWorkException(
                "DJL computes the forward pass of encoders, blocks and matrix products here");
    }

    private void load(Model model, Path file) {
        Path module = file.resolveSibling("work.pt");
        tracer.trace(file, module);
        try {
            model.load(module.getParent(), "work");
            Files.delete(module);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new PeerException("DJL cannot read the traced module: " + e.getMessage(), e);
        }
    }

    private record Forward(Model model, NDArray input) implements Work.Run {
        @Override
        public double once() {
            try (NDList output = forward()) {
                return output.head().size();
            }
        }

        @Override
        public Map<String, double[]> results() {
            try (NDList output = forward()) {
                float[] values = output.head().toFloatArray();
                return Map.of(
                        "output",
                        IntStream.range(0, values.length)
                                .mapToDouble(i -> values[i])
                                .toArray());
            }
        }

        private NDList forward() {
            return model.getBlock().forward(new ParameterStore(model.getNDManager(), false), new NDList(input), false);
        }
    }
}
