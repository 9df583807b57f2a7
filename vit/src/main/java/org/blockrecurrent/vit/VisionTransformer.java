package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.tensor.nn.Trace;

/**
 * A Vision Transformer (Dosovitskiy et al., arXiv 2010.11929), in the form that DINOv2 gave it: patch embedding, learned
 * positions, a cls token, optional registers, L blocks, a final norm and an optional linear head.
 *
 * <pre>
 *   x_0 = embed(images)        (B, N, D)
 *   x_ℓ = step(x_{ℓ−1}, ℓ)     ℓ = 1 … L
 *   logits = head(norm(x_L))   (B, K)
 * </pre>
 */
public final class VisionTransformer implements LayerMap {
    private final VitConfig config;
    private final Embedding embedding;
    private final List<Block> blocks = new ArrayList<>();
    private final LayerNorm norm;
    private final LinearHead head;
    private final Parameters parameters;

    /** Takes its parameters under their checkpoint names: fresh, loaded or frozen, as the source is. */
    public VisionTransformer(VitConfig config, ParameterSource source) {
        this.config = config;
        embedding = new Embedding(config, source);
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new Block(config, source.at("blocks").at(i)));
        }
        norm = new LayerNorm(config.embedDim(), config.normEps(), source.at("norm"));
        head = config.classes() == 0
                ? null
                : new LinearHead(
                        config.pooling(), config.layout(), config.embedDim(), config.classes(), source.at("head"));
        parameters = source.parameters();
    }

    public VitConfig config() {
        return config;
    }

    public Parameters parameters() {
        return parameters;
    }

    @Override
    public int layers() {
        return blocks.size();
    }

    @Override
    public TokenLayout layout() {
        return config.layout();
    }

    /** {@code (B, C, height, width) → (B, N, D)}: the state x₀. */
    public Tensor embed(Tensor images) {
        return embedding.forward(images);
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return blocks.get(layer - 1).forward(x, null, null, trace);
    }

    /** {@code (B, N, D) → (B, N, D)}: the final norm, which every reader of the last state applies. */
    public Tensor norm(Tensor x) {
        return norm.forward(x);
    }

    /** {@code (B, N, D) → (B, K)}: what this model's own head makes of a last state, its own or a surrogate's. */
    public Tensor classify(Tensor xL) {
        if (head == null) {
            throw new InvalidInputException("this model has no classification head");
        }
        return head.forward(norm(xL));
    }

    /** {@code (B, C, height, width) → (B, K)}: inference, without gradients; memory does not grow with depth. */
    public Tensor logits(Tensor images) {
        return classify(lastState(images));
    }

    /** {@code (B, C, height, width) → (B, N, D)}: the state x_L before the final norm; memory does not grow with depth. */
    public Tensor lastState(Tensor images) {
        Backend backend = images.backend();
        try (Scope passing = backend.openScope()) {
            Tensor x = embed(images);
            for (int layer = 1; layer <= layers(); layer++) {
                Tensor next;
                try (Scope inner = backend.openScope()) {
                    next = inner.keep(step(x, layer));
                }
                x.storage().release();
                x = next;
            }
            return passing.keep(x);
        }
    }

    /** {@code (B, C, height, width) → (B, K)} with branches dropped at random: the forward pass of a training step. */
    public Tensor trainingLogits(Tensor images, StochasticDepth drop) {
        Tensor x = embed(images);
        for (int layer = 1; layer <= layers(); layer++) {
            Tensor attention = drop.mask(x.backend(), x.dim(0), x.dim(2), layer, "attention");
            Tensor mlp = drop.mask(x.backend(), x.dim(0), x.dim(2), layer, "mlp");
            x = blocks.get(layer - 1).forward(x, attention, mlp, Trace.NONE);
        }
        return classify(x);
    }

    /** A fresh weight matrix or token: the usual truncated normal. */
    static Initializer tokenInitializer() {
        return Initializer.truncatedNormal(0.02);
    }
}
