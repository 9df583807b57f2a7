package org.blockrecurrent.benchmarks.workload;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/** Inference of a frozen Vision Transformer: {@code (B, C, height, width) → (B, N, D)}, its last tokens after the final norm. */
public record EncoderWork(int batch, VitConfig config) implements Work {
    /** Large enough that a wrong branch shows in the output, which it would not at the published 1e-5. */
    private static final float LAYER_SCALE = 0.1f;

    private static final int PATCH = 14;
    private static final int MLP_RATIO = 4;

    /** Of DINOv2's form with 4 registers, on square images. */
    public static EncoderWork dinov2(int batch, int dim, int heads, int depth, int patchesASide) {
        return new EncoderWork(batch, encoder(dim, heads, depth, 4, patchesASide, patchesASide));
    }

    /** With any number of tokens: a cls token, and the patches in one row. */
    public static EncoderWork of(int batch, int tokens, int dim, int heads, int depth) {
        return new EncoderWork(batch, encoder(dim, heads, depth, 0, 1, tokens - 1));
    }

    private static VitConfig encoder(int dim, int heads, int depth, int registers, int gridHeight, int gridWidth) {
        return new VitConfig(
                3,
                PATCH * gridHeight,
                PATCH * gridWidth,
                PATCH,
                dim,
                depth,
                heads,
                MLP_RATIO * dim,
                Mlp.Kind.GELU,
                registers,
                LAYER_SCALE,
                1e-6f,
                0,
                0,
                VitConfig.Pooling.CLS);
    }

    @Override
    public Run open(Backend backend, ParameterSource.Values values) {
        ParameterSource frozen = ParameterSource.of(backend, values).frozen();
        VisionTransformer model = new VisionTransformer(config, frozen);
        Shape shape = Shape.of(batch, config.channels(), config.imageHeight(), config.imageWidth());
        Tensor images = backend.tensor(shape, values.of(INPUT + "images", shape, Initializer.normal(1)));
        return new Run() {
            @Override
            public double once() {
                try (Scope scope = backend.openScope()) {
                    return model.norm(model.lastState(images)).mean().item();
                }
            }

            @Override
            public Map<String, double[]> results() {
                try (Scope scope = backend.openScope()) {
                    return Map.of("output", model.norm(model.lastState(images)).toDoubles());
                }
            }
        };
    }

    @Override
    public double flops() {
        return 2.0 * multiplyAdds(config) * batch;
    }

    /** Of one image through patch embedding and blocks. */
    static long multiplyAdds(VitConfig config) {
        long D = config.embedDim();
        long N = config.layout().tokens();
        long projections = 4 * D * D + (long) config.mlp().firstWidth(config.mlpDim()) * D + config.mlpDim() * D;
        long pixels = (long) config.channels() * config.patchSize() * config.patchSize();
        return config.layers() * (N * projections + 2 * D * N * N)
                + (long) config.gridHeight() * config.gridWidth() * pixels * D;
    }

    @Override
    public int images() {
        return batch;
    }

    @Override
    public int terms() {
        return config.mlpDim() * config.layers();
    }

    @Override
    public Work slice() {
        return new EncoderWork(Math.min(batch, 2), sliced(config));
    }

    /** The same widths with four patches and two layers. */
    static VitConfig sliced(VitConfig config) {
        int side = 2 * config.patchSize();
        return new VitConfig(
                config.channels(),
                side,
                side,
                config.patchSize(),
                config.embedDim(),
                Math.min(config.layers(), 2),
                config.heads(),
                config.mlpDim(),
                config.mlp(),
                config.registers(),
                config.layerScaleInit(),
                config.normEps(),
                config.stochasticDepth(),
                config.classes(),
                config.pooling(),
                config.form());
    }
}
