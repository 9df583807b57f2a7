package org.blockrecurrent.raptor;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.ActivationOp;

/**
 * Tells a tied block which layer it computes: from the number ℓ, as it is and not normalized, to three scales for each
 * channel, close to one at the start of training (the paper's depth scaling; {@code t_proj} in raptor/block.py).
 *
 * <pre>
 *   [t₁ | t₂ | t₃] = 1 + W₂ silu(W₁ ℓ + b₁) + b₂      W₁ (16, 1), W₂ (3D, 16)
 * </pre>
 */
public final class DepthScale {
    private static final double LAST_LAYER_DEVIATION = 1e-4;

    private final Linear first;
    private final Linear last;
    private final Tensor one;
    private final int embedDim;

    /**
     * The scales of one layer, or of one layer for each image.
     *
     * @param attention t₁ (G, D), of the attention branch
     * @param mlp t₂ (G, D), of the MLP branch
     * @param output t₃ (G, D), of the block's output, the residual stream included
     */
    public record Scales(Tensor attention, Tensor mlp, Tensor output) {}

    public DepthScale(RaptorConfig config, ParameterSource parameters) {
        embedDim = config.embedDim();
        int hidden = config.depthHidden();
        Initializer first = Initializer.uniformFanIn(1);
        Initializer last = Initializer.normal(LAST_LAYER_DEVIATION);
        this.first = new Linear(1, hidden, first, first, parameters.at(0));
        this.last = new Linear(hidden, 3 * embedDim, last, last, parameters.at(2));
        one = parameters.constant(1, 3 * embedDim);
    }

    /** {@code (G, 1) → three of (G, D)}, from the number of the layer for each of G groups. */
    public Scales forward(Tensor layers) {
        Tensor all = project(layers).reshape(layers.dim(0), 3, embedDim);
        return new Scales(part(all, 0), part(all, 1), part(all, 2));
    }

    /** Scales (1, D) of several layers at once, from their numbers (n, 1). */
    public List<Scales> each(Tensor layers) {
        int n = layers.dim(0);
        Tensor all = project(layers).reshape(1, 3 * n, embedDim);
        Scales[] scales = new Scales[n];
        for (int i = 0; i < n; i++) {
            scales[i] = new Scales(part(all, 3 * i), part(all, 3 * i + 1), part(all, 3 * i + 2));
        }
        return List.of(scales);
    }

    private Tensor project(Tensor layers) {
        layers.require("depth scale, layers", layers.dim(0), 1);
        return last.forward(ActivationOp.silu(first.forward(layers))).add(one);
    }

    private Tensor part(Tensor all, int index) {
        return all.tokens(index, index + 1).reshape(all.dim(0), embedDim);
    }

    /** (n, 1): the numbers of layers as this map wants them. */
    static Tensor numbers(Backend backend, int... layers) {
        float[] values = new float[layers.length];
        for (int i = 0; i < layers.length; i++) {
            values[i] = layers[i];
        }
        return backend.tensor(Shape.of(layers.length, 1), values);
    }
}
