package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.MeanTokensOp;

/**
 * The features of a batch of images by kind of token. The tensors belong to the scope that is open when they are asked for.
 *
 * @param tokens (B, N, D)
 */
public record TokenFeatures(Tensor tokens, TokenLayout layout) {

    /** {@code (B, C, height, width)}: after the last layer and the final norm. Images may have any size that fits the patches. */
    public static TokenFeatures of(VisionTransformer model, Tensor images) {
        VisionTransformer sized = model.at(images.dim(2), images.dim(3));
        return new TokenFeatures(sized.norm(sized.lastState(images)), sized.layout());
    }

    /**
     * After chosen layers, 0 for the embedding and L for the last, in the order given.
     *
     * @param normed whether the model's final norm is applied to each, as DINOv2's intermediate layers are read
     */
    public static List<TokenFeatures> afterLayers(
            VisionTransformer model, Tensor images, List<Integer> layers, boolean normed) {
        for (int layer : layers) {
            if (layer < 0 || layer > model.layers()) {
                throw new InvalidInputException("there is no layer " + layer + ", only 0 to " + model.layers());
            }
        }
        VisionTransformer sized = model.at(images.dim(2), images.dim(3));
        Map<Integer, Tensor> states = states(sized, images, layers);
        List<TokenFeatures> features = new ArrayList<>();
        for (int layer : layers) {
            Tensor x = states.get(layer);
            features.add(new TokenFeatures(normed ? sized.norm(x) : x, sized.layout()));
        }
        return features;
    }

    /** The states after those layers; the others go as soon as the next is there. */
    private static Map<Integer, Tensor> states(VisionTransformer model, Tensor images, List<Integer> layers) {
        int last = layers.stream().mapToInt(layer -> layer).max().orElse(0);
        Map<Integer, Tensor> kept = new HashMap<>();
        Tensor x = null;
        for (int layer = 0; layer <= last; layer++) {
            Tensor next;
            try (Scope inner = images.backend().openScope()) {
                next = inner.keep(x == null ? model.embed(images) : model.step(x, layer));
            }
            if (x != null && !kept.containsKey(layer - 1)) {
                x.storage().release();
            }
            if (layers.contains(layer)) {
                kept.put(layer, next);
            }
            x = next;
        }
        return kept;
    }

    /** {@code (B, D)}. */
    public Tensor cls() {
        return single(TokenGroup.CLS);
    }

    /** {@code (B, D)}. */
    public Tensor distillation() {
        return single(TokenGroup.DISTILLATION);
    }

    /** {@code (B, R, D)}. */
    public Tensor registers() {
        require(TokenGroup.REGISTERS);
        return tokens.tokens(layout.from(TokenGroup.REGISTERS), layout.to(TokenGroup.REGISTERS));
    }

    /** {@code (B, patches, D)}, row by row. */
    public Tensor patches() {
        return tokens.tokens(layout.firstPatch(), layout.tokens());
    }

    /** {@code (B, D)}: the mean of the patches. */
    public Tensor meanPatch() {
        return MeanTokensOp.forward(tokens, layout.firstPatch(), layout.tokens());
    }

    private Tensor single(TokenGroup group) {
        require(group);
        return tokens.tokens(layout.from(group), layout.to(group)).reshape(tokens.dim(0), tokens.dim(2));
    }

    private void require(TokenGroup group) {
        if (!layout.has(group)) {
            throw new InvalidInputException("this model has no " + group.label() + " token");
        }
    }

    /** {@code (…, D) → (…, D)}: each row divided by its length, as CLIP compares images; computed on the host. */
    public static Tensor unitRows(Tensor rows) {
        int D = rows.dim(-1);
        double[] values = rows.toDoubles();
        for (int from = 0; from < values.length; from += D) {
            double squares = 0;
            for (int d = from; d < from + D; d++) {
                squares += values[d] * values[d];
            }
            double length = Math.max(Math.sqrt(squares), 1e-12);
            for (int d = from; d < from + D; d++) {
                values[d] /= length;
            }
        }
        return rows.backend().tensor(rows.shape(), values);
    }
}
