package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AddedLater;
import org.blockrecurrent.tensor.nn.Mlp;

/**
 * Every number of a Vision Transformer that changes a result.
 *
 * @param channels channels of the image
 * @param imageHeight height in pixels of the images that the position table is for
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
 * @param classes K, outputs of the head (for CLIP: width of the projection); 0 means that there is no head
 * @param pooling what the head reads
 * @param form in what the model differs from the plain form
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
        Pooling pooling,
        @AddedLater("null") VitForm form) {

    /** What a model makes of its last tokens for its head, and what its features of a whole image are. */
    public enum Pooling {
        /** The cls token (D). */
        CLS,
        /** The cls token beside the mean patch token (2D), as DINOv2's linear heads do. */
        CLS_AND_MEAN_PATCH,
        /** The mean patch token (D). */
        MEAN_PATCH,
        /** The norm of the mean patch token (D): the final norm comes after the mean and nowhere else (timm's fc_norm). */
        NORM_OF_MEAN_PATCH,
        /** {@code tanh(W cls + b)} (D): the pooler of Hugging Face's ViT. */
        TANH_OF_CLS,
        /** What a learned query attends to among the tokens, then an MLP (D): SigLIP. */
        ATTENTION,
        /** Cls and distillation token, a head for each; their mean (D): a distilled DeiT. */
        CLS_AND_DISTILLATION
    }

    public VitConfig {
        form = form == null ? VitForm.PLAIN : form;
        require(channels > 0 && imageHeight > 0 && imageWidth > 0, "channels and image sizes must be positive");
        require(patchSize > 0, "patchSize must be positive");
        require(
                imageHeight % patchSize == 0 && imageWidth % patchSize == 0,
                "an image of " + imageHeight + " x " + imageWidth + " pixels cannot be cut into patches of " + patchSize
                        + ": " + fitting("height", imageHeight, patchSize) + fitting("width", imageWidth, patchSize));
        require(
                embedDim > 0 && heads > 0 && embedDim % heads == 0,
                "heads " + heads + " must divide embedDim " + embedDim);
        require(layers > 0 && mlpDim > 0, "layers and mlpDim must be positive");
        require(registers >= 0 && classes >= 0, "registers and classes must not be negative");
        require(
                stochasticDepth >= 0 && stochasticDepth < 1,
                "stochasticDepth must be in [0, 1), got " + stochasticDepth);
        require(normEps > 0 && layerScaleInit >= 0, "normEps must be positive, layerScaleInit not negative");
        requireTokens(form, registers, pooling);
    }

    /** In the plain form. */
    public VitConfig(
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
        this(
                channels,
                imageHeight,
                imageWidth,
                patchSize,
                embedDim,
                layers,
                heads,
                mlpDim,
                mlp,
                registers,
                layerScaleInit,
                normEps,
                stochasticDepth,
                classes,
                pooling,
                null);
    }

    /** ViT-S/14 of DINOv2, without or with 4 registers, at the 518 pixels of its position table. */
    public static VitConfig dinov2Small(int registers) {
        return dinov2(384, 12, 6, 1536, Mlp.Kind.GELU, registers);
    }

    /** ViT-B/14 of DINOv2, as {@link #dinov2Small}. */
    public static VitConfig dinov2Base(int registers) {
        return dinov2(768, 12, 12, 3072, Mlp.Kind.GELU, registers);
    }

    /** ViT-L/14 of DINOv2, as {@link #dinov2Small}. */
    public static VitConfig dinov2Large(int registers) {
        return dinov2(1024, 24, 16, 4096, Mlp.Kind.GELU, registers);
    }

    /** ViT-g/14 of DINOv2, as {@link #dinov2Small}, with SwiGLU. */
    public static VitConfig dinov2Giant(int registers) {
        return dinov2(1536, 40, 24, 4096, Mlp.Kind.SWIGLU, registers);
    }

    private static VitConfig dinov2(int D, int layers, int heads, int F, Mlp.Kind mlp, int registers) {
        VitForm form = VitForm.dinov2(registers);
        return new VitConfig(
                3, 518, 518, 14, D, layers, heads, F, mlp, registers, 1e-5f, 1e-6f, 0, 0, Pooling.CLS, form);
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

    /** The same for images of another size. */
    public VitConfig withImage(int height, int width) {
        return with(height, width, classes, pooling, form);
    }

    /** The same with another head, or none for 0 classes. */
    public VitConfig withHead(int otherClasses, Pooling otherPooling) {
        return with(imageHeight, imageWidth, otherClasses, otherPooling, form);
    }

    public VitConfig withForm(VitForm other) {
        return with(imageHeight, imageWidth, classes, pooling, other);
    }

    private VitConfig with(int height, int width, int otherClasses, Pooling otherPooling, VitForm otherForm) {
        return new VitConfig(
                channels,
                height,
                width,
                patchSize,
                embedDim,
                layers,
                heads,
                mlpDim,
                mlp,
                registers,
                layerScaleInit,
                normEps,
                stochasticDepth,
                otherClasses,
                otherPooling,
                otherForm);
    }

    public TokenLayout layout() {
        return new TokenLayout(
                form.classToken() ? 1 : 0, form.distillationToken() ? 1 : 0, registers, gridHeight() * gridWidth());
    }

    /** Patches from top to bottom. */
    public int gridHeight() {
        return imageHeight / patchSize;
    }

    /** Patches from left to right. */
    public int gridWidth() {
        return imageWidth / patchSize;
    }

    /** Rows of the position table. */
    public int positionRows() {
        return form.positionedPrefix() + gridHeight() * gridWidth();
    }

    /** Width of the head's input. */
    public int pooledDim() {
        return pooledDim(pooling);
    }

    /** Width of what that way of pooling makes. */
    public int pooledDim(Pooling way) {
        return way == Pooling.CLS_AND_MEAN_PATCH ? 2 * embedDim : embedDim;
    }

    /** Whether the final norm is applied to every token, and not after pooling. */
    boolean normsTokens() {
        return pooling != Pooling.NORM_OF_MEAN_PATCH;
    }

    private static String fitting(String side, int pixels, int patchSize) {
        int below = pixels / patchSize * patchSize;
        if (pixels == below) {
            return "";
        }
        return side + " " + (below == 0 ? "" : below + " or ") + (below + patchSize) + " would fit; ";
    }

    private static void requireTokens(VitForm form, int registers, Pooling pooling) {
        boolean readsCls = pooling == Pooling.CLS
                || pooling == Pooling.CLS_AND_MEAN_PATCH
                || pooling == Pooling.TANH_OF_CLS
                || form.distillationToken();
        require(form.classToken() || !readsCls, "pooling " + pooling + " needs a class token");
        require(
                form.distillationToken() || pooling != Pooling.CLS_AND_DISTILLATION,
                "pooling CLS_AND_DISTILLATION needs a distillation token");
        int positioned = form.positionedPrefix();
        require(
                positioned == 0 || positioned == form.classTokens() || positioned == form.classTokens() + registers,
                "either none, or all class tokens, or all tokens before the patches have positions; got " + positioned);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException("vit configuration: " + message);
        }
    }
}
