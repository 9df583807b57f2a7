package org.blockrecurrent.vit.published;

import org.blockrecurrent.tensor.nn.Mlp;

/** A configuration of open_clip: that of a model, or {@code open_clip_config.json} with the former as {@code model_cfg}. */
final class OpenClipConfig {
    private static final int USUAL_HEAD_WIDTH = 64;

    private OpenClipConfig() {}

    /** Overrides the draft by what the file says. */
    static void apply(Fields config, ConfigDraft draft) {
        Fields model = config.has("model_cfg") ? config.object("model_cfg") : config;
        Fields vision = model.object("vision_cfg");
        if (vision.has("timm_model_name")) {
            throw vision.wrong(
                    "timm_model_name", "is not supported: take the image tower's own weights from timm instead");
        }
        draft.classes = model.number("embed_dim", draft.classes);
        draft.mlp = model.flag("quick_gelu", false) ? Mlp.Kind.QUICK_GELU : Mlp.Kind.GELU;
        draft.embedDim = vision.number("width", draft.embedDim);
        draft.layers = vision.number("layers", draft.layers);
        draft.patchSize = vision.number("patch_size", draft.patchSize);
        int headWidth = Math.max(1, vision.number("head_width", USUAL_HEAD_WIDTH));
        draft.heads = draft.embedDim / headWidth;
        int[] image = vision.size("image_size", new int[] {draft.imageHeight, draft.imageWidth});
        draft.imageHeight = image[0];
        draft.imageWidth = image[1];
        if (vision.has("mlp_ratio")) {
            draft.mlpDim = (int) (draft.embedDim * vision.real("mlp_ratio", 4));
        }
    }
}
