package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Mlp;

/**
 * Every number of a Vision Transformer that changes a result.
 *
 * @param channels channels of the image
 * @param imageHeight height in pixels of the images that the position table was made for
 * @param imageWidth their width in pixels
 * @param patchSize side of a patch in pixels
 * @param embedDim D
 * @param layers L
 * @param heads attention heads; D is a multiple of it
 * @param mlpDim F, width of the MLP (for SwiGLU: of gate and of up)
 * @param mlp the MLP's non-linearity
 * @param registers number of register tokens
 * @param layerScaleInit what the LayerScale gammas start from; 0 means that there is no LayerScale
 * @param normEps added to the variance in every layer norm
 * @param stochasticDepth probability that a residual branch is dropped for an image in training, the same at every depth
 * @param classes K, outputs of the head; 0 means that there is no head
 * @param pooling what the head reads
 */
public record VitConfig(
        int channels,
        int imageHeight,
        int imageWidth,
        int patchSize,
        int embedDim,
        int layers,
        int heads,
        int mlpDim,
        Mlp.Kind mlp,
        int registers,
        float layerScaleInit,
        float normEps,
        float stochasticDepth,
        int classes,
        Pooling pooling) {

    /** What the classification head reads after the final norm. */
    public enum Pooling {
        /** The cls token (D). */
        CLS,
        /** The cls token beside the mean patch token (2D), as DINOv2's linear heads do. */
        CLS_AND_MEAN_PATCH
    }

    public VitConfig {
        require(channels > 0 && imageHeight > 0 && imageWidth > 0, "channels and image sizes must be positive");
        require(
                patchSize > 0 && imageHeight % patchSize == 0 && imageWidth % patchSize == 0,
                "patchSize " + patchSize + " must divide the image, " + imageHeight + " x " + imageWidth);
        require(
                embedDim > 0 && heads > 0 && embedDim % heads == 0,
                "heads " + heads + " must divide embedDim " + embedDim);
        require(layers > 0 && mlpDim > 0, "layers and mlpDim must be positive");
        require(registers >= 0 && classes >= 0, "registers and classes must not be negative");
        require(
                stochasticDepth >= 0 && stochasticDepth < 1,
                "stochasticDepth must be in [0, 1), got " + stochasticDepth);
        require(normEps > 0 && layerScaleInit >= 0, "normEps must be positive, layerScaleInit not negative");
    }

    /** ViT-B/14 of DINOv2, without or with 4 registers, at the 518 pixels of its position table. */
    public static VitConfig dinov2Base(int registers) {
        return new VitConfig(
                3,
                518,
                518,
                14,
                768,
                12,
                12,
                3072,
                Mlp.Kind.GELU,
                registers,
                1e-5f,
                1e-6f,
                0,
                0,
                Pooling.CLS_AND_MEAN_PATCH);
    }

    /** A teacher that two CPU cores train in minutes, with an image of 28 x 28 grey pixels in 16 patches and 2 registers. */
    public static VitConfig quickStart() {
        return new VitConfig(
                1, 28, 28, 7, 96, 8, 3, 384, Mlp.Kind.GELU, 2, 1, 1e-6f, 0, 10, Pooling.CLS_AND_MEAN_PATCH);
    }

    /** As {@link #quickStart} and as deep, but narrow: every path is walked within seconds. */
    public static VitConfig smoke() {
        return new VitConfig(1, 28, 28, 7, 32, 8, 2, 64, Mlp.Kind.GELU, 2, 0.1f, 1e-6f, 0.1f, 10, Pooling.CLS);
    }

    public TokenLayout layout() {
        return new TokenLayout(registers, gridHeight() * gridWidth());
    }

    /** Patches from top to bottom. */
    public int gridHeight() {
        return imageHeight / patchSize;
    }

    /** Patches from left to right. */
    public int gridWidth() {
        return imageWidth / patchSize;
    }

    /** Width of the head's input. */
    public int pooledDim() {
        return pooling == Pooling.CLS ? embedDim : 2 * embedDim;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException("vit configuration: " + message);
        }
    }
}
