package org.blockrecurrent.vit;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.PatchifyOp;

/**
 * From pixels to the state x₀: each patch through one linear map, a cls token in front, learned positions added, then the
 * registers, which have no position, between cls and patches.
 */
final class Embedding {
    private final VitConfig config;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor clsToken;
    private final Tensor registerTokens;
    private final Tensor positions;

    Embedding(VitConfig config, ParameterSource parameters) {
        this.config = config;
        int D = config.embedDim();
        int p = config.patchSize();
        Initializer token = VisionTransformer.tokenInitializer();
        clsToken = parameters.take("cls_token", token, 1, 1, D);
        positions = parameters.take("pos_embed", token, 1, 1 + config.gridHeight() * config.gridWidth(), D);
        registerTokens =
                config.registers() == 0 ? null : parameters.take("register_tokens", token, 1, config.registers(), D);
        ParameterSource proj = parameters.at("patch_embed").at("proj");
        weight = proj.take("weight", token, D, config.channels(), p, p);
        bias = proj.take("bias", Initializer.constant(0), D);
    }

    /** {@code (B, C, height, width) → (B, 1 + R + patches, D)}. */
    Tensor forward(Tensor images) {
        images.requireRank("images", 4, "(B, C, height, width)");
        images.require("images", images.dim(0), config.channels(), config.imageHeight(), config.imageWidth());
        Tensor pixels = PatchifyOp.forward(images, config.patchSize());
        Tensor patches = LinearOp.forward(pixels, weight.reshape(weight.dim(0), pixels.dim(2)), bias);
        Tensor tokens = ConcatTokensOp.forward(List.of(clsToken, patches));
        Tensor placed = tokens.add(positions.reshape(positions.dim(1), positions.dim(2)));
        return registerTokens == null ? placed : withRegisters(placed);
    }

    private Tensor withRegisters(Tensor placed) {
        List<Tensor> parts = new ArrayList<>();
        parts.add(placed.tokens(0, 1));
        parts.add(registerTokens);
        parts.add(placed.tokens(1, placed.dim(1)));
        return ConcatTokensOp.forward(parts);
    }
}
