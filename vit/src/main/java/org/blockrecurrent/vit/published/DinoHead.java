package org.blockrecurrent.vit.published;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.LoadedValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.VisionTransformer;

/**
 * The linear classifiers that DINOv2 publishes beside its models, in files of their own: on the normed class token of the last
 * layer ({@code …_linear_head.pth}) or of the last four ({@code …_linear4_head.pth}), beside the mean normed patch of the last.
 *
 * <p>Source: facebookresearch/dinov2, dinov2/hub/classifiers.py.
 */
public final class DinoHead {
    private static final List<Integer> LAYERS = List.of(1, 4);

    private final int layers;
    private final int embedDim;
    private final Linear linear;

    private DinoHead(int layers, int embedDim, Linear linear) {
        this.layers = layers;
        this.embedDim = embedDim;
        this.linear = linear;
    }

    /** The head in a file, frozen, for a model of that width; the width of its weight says how many layers it reads. */
    public static DinoHead load(Path path, int embedDim, Backend backend) {
        try (TensorFile file = TensorFiles.open(path)) {
            Shape weight = file.names().contains("weight") ? file.shape("weight") : Shape.of();
            for (int layers : LAYERS) {
                int in = (1 + layers) * embedDim;
                if (weight.rank() == 2 && weight.dim(1) == in) {
                    LoadedValues values = new LoadedValues(file);
                    ParameterSource source =
                            ParameterSource.of(backend, values.at("")).frozen();
                    Linear linear = new Linear(in, weight.dim(0), source);
                    values.requireExactly("");
                    return new DinoHead(layers, embedDim, linear);
                }
            }
            throw new FormatException(
                    path,
                    "is no linear head for a model of width " + embedDim + ": its weight would be (classes, "
                            + 2 * embedDim + ") or (classes, " + 5 * embedDim + "), "
                            + (weight.rank() == 0 ? "and there is none" : "and is " + weight));
        }
    }

    /** How many of the last layers it reads: 1 or 4. */
    public int layers() {
        return layers;
    }

    /** {@code (B, C, height, width) → (B, K)}. */
    public Tensor logits(VisionTransformer model, Tensor images) {
        if (model.config().embedDim() != embedDim || model.layers() < layers) {
            throw new InvalidInputException("the head is for models of width " + embedDim
                    + " and at least " + layers + " layers; this one has width "
                    + model.config().embedDim() + " and " + model.layers());
        }
        List<Integer> last = new ArrayList<>();
        for (int layer = model.layers() - layers + 1; layer <= model.layers(); layer++) {
            last.add(layer);
        }
        return forward(TokenFeatures.afterLayers(model, images, last, true));
    }

    /** From the normed features of the last layers, the very last one at the end. */
    private Tensor forward(List<TokenFeatures> normed) {
        int B = normed.get(0).tokens().dim(0);
        List<Tensor> parts = new ArrayList<>();
        normed.forEach(features -> parts.add(features.cls().reshape(B, 1, embedDim)));
        parts.add(normed.get(normed.size() - 1).meanPatch().reshape(B, 1, embedDim));
        // Side by side along channels is one after the other along tokens, for vectors of one image.
        return linear.forward(ConcatTokensOp.forward(parts).reshape(B, parts.size() * embedDim));
    }
}
