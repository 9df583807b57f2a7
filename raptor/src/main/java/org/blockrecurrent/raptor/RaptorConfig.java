package org.blockrecurrent.raptor;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig;

/**
 * Every number of a recurrent block that changes a result.
 *
 * @param embedDim D, the teacher's
 * @param heads attention heads; D is a multiple of it
 * @param mlpDim F, width of the MLP (for SwiGLU: of gate and of up, not shrunk by 2/3)
 * @param mlp the MLP's non-linearity; SwiGLU as published
 * @param layerScaleInit what the LayerScale gammas start from; 0 means that there is no LayerScale
 * @param normEps added to the variance in the two layer norms
 * @param depthScale whether the block is told which layer it computes ({@link DepthScale})
 * @param depthHidden width of the depth scale's hidden layer
 */
public record RaptorConfig(
        int embedDim,
        int heads,
        int mlpDim,
        Mlp.Kind mlp,
        float layerScaleInit,
        float normEps,
        boolean depthScale,
        int depthHidden) {

    public RaptorConfig {
        require(
                embedDim > 0 && heads > 0 && embedDim % heads == 0,
                "heads " + heads + " must divide embedDim " + embedDim);
        require(mlpDim > 0 && depthHidden > 0, "mlpDim and depthHidden must be positive");
        require(normEps > 0 && layerScaleInit >= 0, "normEps must be positive, layerScaleInit not negative");
    }

    /** The published block at the teacher's width: SwiGLU of the teacher's MLP width, LayerScale 1e-5, depth scale. */
    public static RaptorConfig published(VitConfig teacher) {
        return new RaptorConfig(
                teacher.embedDim(), teacher.heads(), teacher.mlpDim(), Mlp.Kind.SWIGLU, 1e-5f, 1e-5f, true, 16);
    }

    /**
     * As published, but with a LayerScale that starts at 0.1, because a few epochs are not enough to grow it from 1e-5, and
     * with two thirds of the MLP's width: SwiGLU has three matrices where GELU has two, so a step costs what a teacher's
     * layer costs, which the Block-Recurrent Hypothesis asks for.
     */
    public static RaptorConfig quickStart(VitConfig teacher) {
        return published(teacher).withLayerScaleInit(0.1f).withMlp(Mlp.Kind.SWIGLU, 2 * teacher.mlpDim() / 3);
    }

    /** With another start of the LayerScale: short trainings want a larger one than the published 1e-5. */
    public RaptorConfig withLayerScaleInit(float init) {
        return new RaptorConfig(embedDim, heads, mlpDim, mlp, init, normEps, depthScale, depthHidden);
    }

    /** With another MLP. */
    public RaptorConfig withMlp(Mlp.Kind kind, int width) {
        return new RaptorConfig(embedDim, heads, width, kind, layerScaleInit, normEps, depthScale, depthHidden);
    }

    /** With or without the depth scale. */
    public RaptorConfig withDepthScale(boolean scaled) {
        return new RaptorConfig(embedDim, heads, mlpDim, mlp, layerScaleInit, normEps, scaled, depthHidden);
    }

    /**
     * Multiply-adds of one application of the block to one image of N tokens. The depth scale does not depend on the
     * image and is left out.
     */
    public long multiplyAdds(int tokens) {
        long D = embedDim;
        long projections = 4 * D * D + (long) mlp.firstWidth(mlpDim) * D + mlpDim * D;
        return tokens * projections + 2 * D * tokens * tokens;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException("raptor configuration: " + message);
        }
    }
}
