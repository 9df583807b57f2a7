package org.blockrecurrent.benchmarks.workload;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VitConfig;

/** A training step of a classifier: forward, softmax cross-entropy, backward, clipping, AdamW. */
public record TrainingWork(int batch, VitConfig config) implements Work {
    private static final int PATCH = 16;
    private static final int MLP_RATIO = 4;
    private static final int CLASSES = 10;

    /** In the shape of a ViT, without LayerScale: a cls token, and square images. */
    public static TrainingWork vit(int batch, int dim, int heads, int depth, int patchesASide) {
        int side = PATCH * patchesASide;
        return new TrainingWork(batch, classifier(dim, heads, depth, side, side));
    }

    /** With any number of tokens: a cls token, and the patches in one row. */
    public static TrainingWork of(int batch, int tokens, int dim, int heads, int depth) {
        return new TrainingWork(batch, classifier(dim, heads, depth, PATCH, PATCH * (tokens - 1)));
    }

    private static VitConfig classifier(int dim, int heads, int depth, int height, int width) {
        return new VitConfig(
                3,
                height,
                width,
                PATCH,
                dim,
                depth,
                heads,
                MLP_RATIO * dim,
                Mlp.Kind.GELU,
                0,
                0,
                1e-6f,
                0,
                CLASSES,
                VitConfig.Pooling.CLS);
    }

    @Override
    public Run open(Backend backend, ParameterSource.Values values) {
        return new TrainingRun(backend, this, values);
    }

    @Override
    public double flops() {
        return 6.0 * EncoderWork.multiplyAdds(config) * batch;
    }

    @Override
    public int images() {
        return batch;
    }

    @Override
    public int terms() {
        return Math.max(batch * config.layout().tokens(), config.mlpDim()) * config.layers();
    }

    @Override
    public Work slice() {
        return new TrainingWork(Math.min(batch, 2), EncoderWork.sliced(config));
    }
}
