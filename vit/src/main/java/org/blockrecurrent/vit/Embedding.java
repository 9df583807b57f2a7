package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.PatchifyOp;

/**
 * From pixels to the state x₀: each patch through one linear map, class tokens in front, learned positions added to those
 * that have one, the registers, which mostly have none, between class tokens and patches, and in CLIP a norm over it all.
 */
final class Embedding {
    private final VitConfig config;
    private final Tensor weight;
    private final Tensor bias;
    /** Class token, distillation token, registers: those that there are. */
    private final List<Tensor> prefix = new ArrayList<>();

    private final Tensor maskToken;
    private final Tensor positions;
    private final LayerNorm preNorm;

    Embedding(VitConfig config, ParameterSource parameters) {
        this.config = config;
        VitForm form = config.form();
        int D = config.embedDim();
        int p = config.patchSize();
        Initializer token = VisionTransformer.tokenInitializer();
        if (form.classToken()) {
            prefix.add(parameters.take("cls_token", token, 1, 1, D));
        }
        if (form.distillationToken()) {
            prefix.add(parameters.take("dist_token", token, 1, 1, D));
        }
        positions = parameters.take("pos_embed", token, 1, config.positionRows(), D);
        if (config.registers() > 0) {
            prefix.add(parameters.take("register_tokens", token, 1, config.registers(), D));
        }
        maskToken = form.maskToken() ? parameters.take("mask_token", token, 1, D) : null;
        ParameterSource proj = parameters.at("patch_embed").at("proj");
        weight = proj.take("weight", token, D, config.channels(), p, p);
        bias = form.patchBias() ? proj.take("bias", Initializer.constant(0), D) : null;
        preNorm = form.preNorm() ? new LayerNorm(D, config.normEps(), parameters.at("norm_pre")) : null;
    }

    private Embedding(Embedding other, VitConfig config, Tensor positions) {
        this.config = config;
        this.positions = positions;
        weight = other.weight;
        bias = other.bias;
        prefix.addAll(other.prefix);
        maskToken = other.maskToken;
        preNorm = other.preNorm;
    }

    /** The same for images of another size, with the table of positions that was resampled for it. */
    Embedding with(VitConfig other, Tensor otherPositions) {
        return new Embedding(this, other, otherPositions);
    }

    /** The position table for the patches of another configuration, by that one's rule; on the host. */
    double[] resampled(VitConfig other) {
        return other.form()
                .positions()
                .resample(
                        positions.toDoubles(),
                        config.form().positionedPrefix(),
                        config.embedDim(),
                        config.gridHeight(),
                        config.gridWidth(),
                        other.gridHeight(),
                        other.gridWidth());
    }

    /** {@code (B, C, height, width) → (B, N, D)}. Shows {@code patches}, and {@code positioned} in front of a pre-norm. */
    Tensor forward(Tensor images, Trace trace) {
        Tensor patches = patches(images);
        trace.see("patches", patches);
        return tokens(patches, trace);
    }

    /** As {@link #forward}, with the mask token in place of the patches where {@code masked (B, patches)} is true. */
    Tensor forward(Tensor images, boolean[][] masked) {
        if (maskToken == null) {
            throw new InvalidInputException("this model has no mask token");
        }
        return tokens(masked(patches(images), masked), Trace.NONE);
    }

    private Tensor patches(Tensor images) {
        images.requireRank("images", 4, "(B, C, height, width)");
        if (images.dim(1) != config.channels()
                || images.dim(2) != config.imageHeight()
                || images.dim(3) != config.imageWidth()) {
            Shape expected = Shape.of(images.dim(0), config.channels(), config.imageHeight(), config.imageWidth());
            throw new ShapeException("images: expected " + expected + ", got " + images.shape()
                    + "; at(height, width) makes a model for images of another size");
        }
        Tensor pixels = PatchifyOp.forward(images, config.patchSize());
        return LinearOp.forward(pixels, weight.reshape(weight.dim(0), pixels.dim(2)), bias);
    }

    private Tensor tokens(Tensor patches, Trace trace) {
        Tensor positioned = positioned(patches);
        if (preNorm == null) {
            return positioned;
        }
        trace.see("positioned", positioned);
        return preNorm.forward(positioned);
    }

    private Tensor positioned(Tensor patches) {
        Tensor table = positions.reshape(positions.dim(1), positions.dim(2));
        List<Tensor> before = new ArrayList<>();
        List<Tensor> inserted = new ArrayList<>();
        int withPosition = config.form().positionedPrefix();
        int seen = 0;
        for (Tensor tokens : prefix) {
            seen += tokens.dim(1);
            (seen <= withPosition ? before : inserted).add(tokens);
        }
        before.add(patches);
        Tensor placed = (before.size() == 1 ? patches : ConcatTokensOp.forward(before)).add(table);
        return inserted.isEmpty() ? placed : inserted(placed, withPosition, inserted);
    }

    /** The tokens without a position go between those that have one and the patches. */
    private static Tensor inserted(Tensor placed, int at, List<Tensor> tokens) {
        List<Tensor> parts = new ArrayList<>(tokens);
        if (at > 0) {
            parts.add(0, placed.tokens(0, at));
        }
        parts.add(at > 0 ? placed.tokens(at, placed.dim(1)) : placed);
        return ConcatTokensOp.forward(parts);
    }

    private Tensor masked(Tensor patches, boolean[][] masked) {
        int D = patches.dim(2);
        double[] token = maskToken.toDoubles();
        float[] kept = new float[patches.size()];
        double[] replaced = new double[patches.size()];
        for (int b = 0; b < patches.dim(0); b++) {
            requirePatches(masked, patches, b);
            for (int n = 0; n < patches.dim(1); n++) {
                int at = (b * patches.dim(1) + n) * D;
                for (int d = 0; d < D; d++) {
                    kept[at + d] = masked[b][n] ? 0 : 1;
                    replaced[at + d] = masked[b][n] ? token[d] : 0;
                }
            }
        }
        Shape shape = patches.shape();
        return patches.multiply(patches.backend().tensor(shape, kept))
                .add(patches.backend().tensor(shape, replaced));
    }

    private static void requirePatches(boolean[][] masked, Tensor patches, int b) {
        if (masked.length != patches.dim(0) || masked[b].length != patches.dim(1)) {
            throw new InvalidInputException("masks: needed " + patches.dim(0) + " x " + patches.dim(1)
                    + " for the patches, got " + masked.length + " x " + (b < masked.length ? masked[b].length : 0));
        }
    }
}
