package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.nn.Trace;

/**
 * A Vision Transformer (Dosovitskiy et al., arXiv 2010.11929): patch embedding, learned positions, class tokens and registers,
 * L blocks, a final norm, and a readout. One class for every published family; {@link VitConfig} says what it is.
 *
 * <pre>
 *   x_0 = embed(images)           (B, N, D)
 *   x_ℓ = step(x_{ℓ−1}, ℓ)        ℓ = 1 … L
 *   pooled = pool(norm(x_L))      (B, D or 2D)
 *   logits = head(pooled)         (B, K)
 * </pre>
 */
public final class VisionTransformer implements LayerMap {
    private final VitConfig config;
    private final Embedding embedding;
    private final List<Block> blocks;
    private final LayerNorm norm;
    private final Readout readout;
    private final Parameters parameters;
    /** The model that this one was made from for another image size; itself if it was not. */
    private final VisionTransformer origin;

    /** Takes its parameters under their checkpoint names: fresh, loaded or frozen, as the source is. */
    public VisionTransformer(VitConfig config, ParameterSource source) {
        this.config = config;
        embedding = new Embedding(config, source);
        blocks = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(new Block(config, source.at("blocks").at(i)));
        }
        norm = config.normsTokens() ? new LayerNorm(config.embedDim(), config.normEps(), source.at("norm")) : null;
        readout = new Readout(config, source);
        parameters = source.parameters();
        origin = this;
    }

    /** The parameters of a model by name, in order, with their shapes; nothing is allocated for them. */
    public static Map<String, Shape> shapes(VitConfig config) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        new VisionTransformer(config, ParameterSource.listing(shapes::put));
        return shapes;
    }

    private VisionTransformer(VisionTransformer origin, VitConfig config, Parameter positions) {
        this.config = config;
        this.origin = origin;
        embedding = origin.embedding.with(config, positions.value());
        blocks = origin.blocks;
        norm = origin.norm;
        readout = origin.readout;
        parameters = origin.parameters.with(positions);
    }

    public VitConfig config() {
        return config;
    }

    public Parameters parameters() {
        return parameters;
    }

    /**
     * The same model for images of another size: its position table is resampled by the configuration's rule, as the libraries
     * do, and all else is shared. The table belongs to the backend's current scope. However often a model is asked, it is
     * the table it was made with that is resampled.
     *
     * @throws org.blockrecurrent.tensor.InvalidInputException if patches do not fit; it says which sizes would
     */
    public VisionTransformer at(int height, int width) {
        if (height == config.imageHeight() && width == config.imageWidth()) {
            return this;
        }
        return origin.at(origin.config.withImage(height, width));
    }

    /** As {@link #at(int, int)}, by another rule. */
    public VisionTransformer at(int height, int width, PositionRule rule) {
        VitForm form = origin.config.form().withPositions(rule);
        return origin.at(origin.config.withForm(form).withImage(height, width));
    }

    private VisionTransformer at(VitConfig other) {
        if (other.gridHeight() == config.gridHeight() && other.gridWidth() == config.gridWidth()) {
            return this;
        }
        Parameter table = parameters.get("pos_embed");
        Tensor resampled = table.value()
                .backend()
                .tensor(Shape.of(1, other.positionRows(), other.embedDim()), embedding.resampled(other));
        return new VisionTransformer(this, other, new Parameter(table.name(), resampled, table.isTrainable()));
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
        return embed(images, Trace.NONE);
    }

    /** As {@link #embed(Tensor)}; shows {@code patches} (B, patches, D), and {@code positioned} (B, N, D) in front of a pre-norm. */
    public Tensor embed(Tensor images, Trace trace) {
        return embedding.forward(images, trace);
    }

    /** The state x₀ of images some patches of which, those where {@code masked (B, patches)} is true, are the mask token. */
    public Tensor embed(Tensor images, boolean[][] masked) {
        return embedding.forward(images, masked);
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return blocks.get(layer - 1).forward(x, null, null, trace);
    }

    /**
     * {@code (B, N, D) → (B, N, D)}: the final norm, which every reader of the last state applies; nothing in models that norm
     * after pooling.
     */
    public Tensor norm(Tensor x) {
        return norm == null ? x : norm.forward(x);
    }

    /** {@code (B, N, D) → (B, pooledDim)}: this model's features of a whole image, from a last state, its own or a surrogate's. */
    public Tensor pool(Tensor xL) {
        return readout.pool(norm(xL), layout());
    }

    /** As {@link #pool(Tensor)}, by a way of pooling that needs no parameters. */
    public Tensor pool(Tensor xL, VitConfig.Pooling pooling) {
        return pooling == config.pooling() ? pool(xL) : Readout.pool(pooling, norm(xL), layout());
    }

    /** {@code (B, N, D) → (B, K)}: what this model's own head makes of a last state, its own or a surrogate's. */
    public Tensor classify(Tensor xL) {
        return readout.classify(norm(xL), layout());
    }

    /** {@code (B, N, D) → (B, K)}: what the head of one class token of a distilled model says; {@link #classify} is the mean. */
    public Tensor classify(Tensor xL, TokenGroup classToken) {
        return readout.classify(norm(xL), layout(), classToken);
    }

    /** {@code (B, C, height, width) → (B, K)}: inference, without gradients; memory does not grow with depth. */
    public Tensor logits(Tensor images) {
        return classify(lastState(images));
    }

    /** {@code (B, C, height, width) → (B, N, D)}: the state x_L before the final norm; memory does not grow with depth. */
    public Tensor lastState(Tensor images) {
        Backend backend = images.backend();
        try (Scope passing = backend.openScope()) {
            Tensor x;
            try (Scope inner = backend.openScope()) {
                x = inner.keep(embed(images));
            }
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

    /** As {@link #trainingLogits(Tensor, StochasticDepth, Retention)}, keeping everything. */
    public Tensor trainingLogits(Tensor images, StochasticDepth drop) {
        return trainingLogits(images, drop, Retention.EVERYTHING);
    }

    /** {@code (B, C, height, width) → (B, K)} with branches dropped at random: the forward pass of a training step. */
    public Tensor trainingLogits(Tensor images, StochasticDepth drop, Retention retention) {
        Tensor x = embed(images);
        for (int layer = 1; layer <= layers(); layer++) {
            x = trainingStep(x, layer, drop, retention);
        }
        return classify(x);
    }

    /** Masks are drawn once, outside of what may be computed again. */
    private Tensor trainingStep(Tensor x, int layer, StochasticDepth drop, Retention retention) {
        Tensor attention = drop.mask(x.backend(), x.dim(0), x.dim(2), layer, "attention");
        Tensor mlp = drop.mask(x.backend(), x.dim(0), x.dim(2), layer, "mlp");
        Block block = blocks.get(layer - 1);
        return retention.of(List.of(x), () -> block.forward(x, attention, mlp, Trace.NONE));
    }

    /** A fresh weight matrix or token: the usual truncated normal. */
    static Initializer tokenInitializer() {
        return Initializer.truncatedNormal(0.02);
    }
}
