package org.blockrecurrent.vit.published;

import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} of timm: the name of the model as {@code architecture}, and in {@code model_args} what differs from
 * what the name says.
 */
final class TimmConfig {
    private static final Map<String, Mlp.Kind> ACTIVATIONS = Map.of(
            "gelu", Mlp.Kind.GELU,
            "gelu_tanh", Mlp.Kind.GELU_TANH,
            "quick_gelu", Mlp.Kind.QUICK_GELU);

    /** Arguments that change no result of inference. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "dynamic_img_size",
            "dynamic_img_pad",
            "drop_rate",
            "pos_drop_rate",
            "patch_drop_rate",
            "proj_drop_rate",
            "attn_drop_rate",
            "drop_path_rate",
            "weight_init",
            "fix_init");

    private static final Set<String> UNDERSTOOD = Set.of(
            "img_size",
            "patch_size",
            "in_chans",
            "num_classes",
            "global_pool",
            "embed_dim",
            "depth",
            "num_heads",
            "mlp_ratio",
            "qkv_bias",
            "init_values",
            "class_token",
            "no_embed_class",
            "reg_tokens",
            "pre_norm",
            "fc_norm",
            "act_layer",
            "mlp_layer",
            "norm_eps");

    private final Fields config;
    private final Fields args;
    private final TimmName name;
    private final ConfigDraft draft;

    private TimmConfig(Fields config, TimmName name, ConfigDraft draft) {
        this.config = config;
        args = config.object("model_args");
        this.name = name;
        this.draft = draft;
    }

    /** Overrides the draft by what the file says. */
    static void apply(Fields config, ConfigDraft draft) {
        String architecture = String.valueOf(config.text("architecture"));
        TimmName name = TimmName.of(architecture);
        if (name == null) {
            throw config.wrong(
                    "architecture",
                    FormatException.shown(architecture)
                            + " is none of timm's plain, DINOv2, DeiT, CLIP and SigLIP Vision Transformers");
        }
        new TimmConfig(config, name, draft).apply();
    }

    /** Overrides the draft by what the name alone says. */
    static void apply(TimmName name, ConfigDraft draft) {
        Fields nothing = new Fields(new com.google.gson.JsonObject(), name.toString());
        new TimmConfig(nothing, name, draft).apply();
    }

    private void apply() {
        requireUnderstood();
        draft.patchSize = args.number("patch_size", name.patchSize());
        draft.channels = args.number("in_chans", draft.channels);
        draft.embedDim = args.number("embed_dim", name.embedDim());
        draft.layers = args.number("depth", name.layers());
        draft.heads = args.number("num_heads", name.heads());
        draft.registers = args.number("reg_tokens", name.registers());
        draft.normEps = (float) args.real("norm_eps", name.normEps());
        draft.qkvBias = args.flag("qkv_bias", draft.qkvBias);
        draft.preNorm = args.flag("pre_norm", draft.preNorm);
        draft.classToken = args.flag("class_token", draft.classToken);
        draft.classes = args.number("num_classes", config.number("num_classes", draft.classes));
        if (args.has("no_embed_class")) {
            draft.positionedPrefix =
                    args.flag("no_embed_class", false) ? 0 : draft.found().classTokens();
        }
        if (args.has("init_values")) {
            draft.layerScaleInit = (float) args.real("init_values", 0);
        }
        images();
        mlp();
        pooling();
    }

    /** A file without a size for its images is resampled by timm to its architecture's; we take that of its table. */
    private void images() {
        if (args.has("img_size")) {
            int[] image = args.size("img_size", new int[2]);
            draft.imageHeight = image[0] / Math.max(1, draft.patchSize) * draft.patchSize;
            draft.imageWidth = image[1] / Math.max(1, draft.patchSize) * draft.patchSize;
        }
    }

    private void mlp() {
        String layer = args.text("mlp_layer");
        boolean gated = layer == null ? name.mlp() == Mlp.Kind.SWIGLU : layer.equals("SwiGLUPacked");
        if (layer != null && !gated && !layer.equals("Mlp")) {
            throw args.wrong(
                    "mlp_layer", FormatException.shown(layer) + " is not supported; there are Mlp and SwiGLUPacked");
        }
        draft.mlp = gated ? Mlp.Kind.SWIGLU : activation();
        int first = args.has("mlp_ratio")
                ? (int) (draft.embedDim * args.real("mlp_ratio", 4))
                : firstWidth(draft.embedDim == name.embedDim());
        draft.mlpDim = gated ? first / 2 : first;
    }

    /** Without an argument: four times the width, or what the name says of its own width. */
    private int firstWidth(boolean usualWidth) {
        return usualWidth ? name.mlp().firstWidth(name.mlpDim()) : 4 * draft.embedDim;
    }

    private Mlp.Kind activation() {
        String layer = args.text("act_layer");
        Mlp.Kind kind = layer == null ? name.mlp() : ACTIVATIONS.get(layer);
        if (kind == null) {
            throw args.wrong(
                    "act_layer",
                    FormatException.shown(String.valueOf(layer)) + " is not supported; there are "
                            + ACTIVATIONS.keySet());
        }
        return kind;
    }

    private void pooling() {
        String pool = firstOf(args.text("global_pool"), config.text("global_pool"), name.globalPool());
        boolean normAfter = args.flag("fc_norm", draft.pooling == Pooling.NORM_OF_MEAN_PATCH);
        draft.distillationToken = name.isDistilled();
        switch (pool) {
            case "token" -> draft.pooling = name.isDistilled() ? Pooling.CLS_AND_DISTILLATION : Pooling.CLS;
            case "avg" -> draft.pooling = normAfter ? Pooling.NORM_OF_MEAN_PATCH : Pooling.MEAN_PATCH;
            case "map" -> draft.pooling = Pooling.ATTENTION;
            default ->
                throw config.wrong(
                        "global_pool", FormatException.shown(pool) + " is not supported; there are token, avg and map");
        }
    }

    private static String firstOf(@Nullable String first, @Nullable String second, String last) {
        return first != null ? first : second != null ? second : last;
    }

    private void requireUnderstood() {
        for (String key : args.keys()) {
            if (!UNDERSTOOD.contains(key) && !WITHOUT_EFFECT.contains(key)) {
                throw args.wrong(key, "is an argument that is not supported");
            }
        }
    }
}
