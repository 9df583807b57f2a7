package org.blockrecurrent.vit.published;

import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VitConfig.Pooling;

/** The arguments of {@code DinoVisionTransformer}, as {@code {"library": "dinov2", "args": {…}}}. */
final class HubConfig {
    private HubConfig() {}

    /** Overrides the draft by what the file says. */
    static void apply(Fields config, ConfigDraft draft) {
        Fields args = config.object("args");
        draft.patchSize = args.number("patch_size", draft.patchSize);
        draft.embedDim = args.number("embed_dim", draft.embedDim);
        draft.layers = args.number("depth", draft.layers);
        draft.heads = args.number("num_heads", draft.heads);
        draft.registers = args.number("num_register_tokens", draft.registers);
        int[] image = args.size("img_size", new int[] {draft.imageHeight, draft.imageWidth});
        draft.imageHeight = image[0];
        draft.imageWidth = image[1];
        draft.layerScaleInit = (float) args.real("init_values", draft.layerScaleInit);
        draft.pooling = Pooling.CLS;
        ffn(args, draft);
        positions(args, draft);
    }

    private static void ffn(Fields args, ConfigDraft draft) {
        String layer = args.text("ffn_layer");
        int width = (int) (draft.embedDim * args.real("mlp_ratio", 4));
        if (layer == null || layer.equals("mlp")) {
            draft.mlp = layer == null ? draft.mlp : Mlp.Kind.GELU;
            draft.mlpDim = layer == null ? draft.mlpDim : width;
        } else if (layer.equals("swiglu") || layer.equals("swiglufused")) {
            draft.mlp = Mlp.Kind.SWIGLU;
            draft.mlpDim = layer.equals("swiglu") ? width : HfConfig.gatedWidth(width);
        } else {
            throw args.wrong(
                    "ffn_layer",
                    FormatException.shown(layer) + " is not supported; there are mlp, swiglu and swiglufused");
        }
    }

    private static void positions(Fields args, ConfigDraft draft) {
        if (args.has("interpolate_offset") || args.has("interpolate_antialias")) {
            draft.positions = new PositionRule(
                    args.real("interpolate_offset", 0.1), args.flag("interpolate_antialias", false), false);
        }
    }
}
