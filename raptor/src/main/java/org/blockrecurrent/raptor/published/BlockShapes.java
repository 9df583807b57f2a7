package org.blockrecurrent.raptor.published;

import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.nn.Mlp;

/** What the names and shapes of an official block's parameters say of its configuration. */
public final class BlockShapes {
    /** PyTorch's default, which the official block has; DINOv2 has 1e-6. */
    public static final float NORM_EPS = 1e-5f;

    /** A name that every block has. */
    static final String MARK = "attn.in_proj_weight";

    private static final float PUBLISHED_LAYER_SCALE = 1e-5f;
    private static final int PUBLISHED_DEPTH_HIDDEN = 16;

    private BlockShapes() {}

    /**
     * The configuration of the block under a prefix such as {@code blocks.0.}; whether all its tensors are there and of these
     * shapes is checked when they are taken.
     *
     * @param heads which no shape tells
     */
    public static RaptorConfig config(TensorFile file, String prefix, int heads, float normEps) {
        int width = axis(file, prefix + "norm1.weight", 0);
        int mlpDim = axis(file, prefix + "mlp.2.weight", 1);
        boolean layerScale = file.names().contains(prefix + "ls1.gamma");
        boolean depthScale = file.names().contains(prefix + "t_proj.0.weight");
        return new RaptorConfig(
                width,
                heads,
                mlpDim,
                mlp(file, prefix + "mlp.0.weight", mlpDim),
                layerScale ? PUBLISHED_LAYER_SCALE : 0,
                normEps,
                depthScale,
                depthScale ? axis(file, prefix + "t_proj.0.weight", 0) : PUBLISHED_DEPTH_HIDDEN);
    }

    /** The first layer of SwiGLU makes gate and up, the first half being the gate. */
    private static Mlp.Kind mlp(TensorFile file, String first, int mlpDim) {
        int made = axis(file, first, 0);
        for (Mlp.Kind kind : Mlp.Kind.values()) {
            if (kind.firstWidth(mlpDim) == made) {
                return kind;
            }
        }
        throw new FormatException(
                file.where(),
                "tensor " + FormatException.shown(first) + " makes " + made + " channels, and the next layer takes "
                        + mlpDim + ": neither GELU (as many) nor SwiGLU (twice as many)");
    }

    private static int axis(TensorFile file, String name, int axis) {
        Shape shape = file.shape(name);
        if (axis >= shape.rank()) {
            throw new FormatException(
                    file.where(), "tensor " + FormatException.shown(name) + " is " + shape + ", too few axes");
        }
        return shape.dim(axis);
    }
}
