package org.blockrecurrent.vit.published;

import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.published.Facts.Fact;

/**
 * The {@code config.json} of Hugging Face. What it leaves out has the default of its {@code model_type}; the configuration of
 * an image tower may lie inside that of both towers, as {@code vision_config}.
 */
final class HfConfig {
    private static final Set<String> DINOV2 = Set.of("dinov2", "dinov2_with_registers");
    private static final Set<String> VIT = Set.of("vit", "deit");
    private static final Set<String> CLIP = Set.of("clip", "clip_vision_model");
    private static final Set<String> SIGLIP = Set.of("siglip", "siglip_vision_model");

    private static final Map<String, Mlp.Kind> ACTIVATIONS = Map.of(
            "gelu", Mlp.Kind.GELU,
            "quick_gelu", Mlp.Kind.QUICK_GELU,
            "gelu_pytorch_tanh", Mlp.Kind.GELU_TANH,
            "gelu_new", Mlp.Kind.GELU_TANH);

    private final Fields top;
    private final Fields vision;
    private final String type;

    private HfConfig(Fields top, String type) {
        this.top = top;
        this.type = type;
        vision = top.has("vision_config") ? top.object("vision_config") : top;
    }

    /** Overrides the draft by what the file says. */
    static void apply(Fields config, ConfigDraft draft) {
        String type = String.valueOf(config.text("model_type"));
        HfConfig reader = new HfConfig(config, type);
        reader.sizes(draft);
        if (DINOV2.contains(type)) {
            reader.dinov2(draft);
        } else if (VIT.contains(type)) {
            reader.vit(draft);
        } else if (CLIP.contains(type)) {
            reader.clip(draft);
        } else if (SIGLIP.contains(type)) {
            reader.siglip(draft);
        } else {
            throw config.wrong(
                    "model_type",
                    FormatException.shown(type)
                            + " is not supported; there are dinov2, dinov2_with_registers, vit, deit, clip and siglip");
        }
    }

    private void sizes(ConfigDraft draft) {
        draft.embedDim = vision.number("hidden_size", 768);
        draft.layers = vision.number("num_hidden_layers", 12);
        draft.heads = vision.number("num_attention_heads", 12);
        draft.channels = vision.number("num_channels", 3);
        int[] image = vision.size("image_size", new int[] {224, 224});
        draft.imageHeight = image[0];
        draft.imageWidth = image[1];
        draft.qkvBias = vision.flag("qkv_bias", true);
        draft.classToken = true;
    }

    private void dinov2(ConfigDraft draft) {
        boolean withRegisters = type.equals("dinov2_with_registers");
        draft.patchSize = vision.number("patch_size", withRegisters ? 16 : 14);
        draft.normEps = (float) vision.real("layer_norm_eps", 1e-6);
        draft.registers = withRegisters ? vision.number("num_register_tokens", 4) : 0;
        draft.positions = withRegisters ? PositionRule.ANTIALIASED : PositionRule.BICUBIC;
        draft.layerScaleInit = (float) vision.real("layerscale_value", 1);
        boolean gated = vision.flag("use_swiglu_ffn", false);
        int width = (int) (draft.embedDim * vision.real("mlp_ratio", 4));
        draft.mlpDim = gated ? gatedWidth(width) : width;
        draft.mlp = gated ? Mlp.Kind.SWIGLU : activation("gelu");
        draft.classes = classes(draft);
        draft.pooling = draft.classes > 0 ? Pooling.CLS_AND_MEAN_PATCH : Pooling.CLS;
    }

    /** Two thirds, rounded up to a multiple of 8. */
    static int gatedWidth(int plainWidth) {
        return ((int) (plainWidth * 2 / 3.0) + 7) / 8 * 8;
    }

    private void vit(ConfigDraft draft) {
        boolean distilled = type.equals("deit");
        draft.patchSize = vision.number("patch_size", 16);
        draft.normEps = (float) vision.real("layer_norm_eps", 1e-12);
        draft.mlpDim = vision.number("intermediate_size", 3072);
        draft.mlp = activation("gelu");
        draft.distillationToken = distilled;
        draft.positionedPrefix = distilled ? 2 : 1;
        draft.classes = classes(draft);
        String pooler = vision.text("pooler_act");
        if (draft.pooling == Pooling.TANH_OF_CLS && pooler != null && !pooler.equals("tanh")) {
            throw vision.wrong("pooler_act", FormatException.shown(pooler) + " is not supported; there is tanh");
        }
    }

    private void clip(ConfigDraft draft) {
        draft.patchSize = vision.number("patch_size", 32);
        draft.normEps = (float) vision.real("layer_norm_eps", 1e-5);
        draft.mlpDim = vision.number("intermediate_size", 3072);
        draft.mlp = activation("quick_gelu");
        draft.preNorm = true;
        draft.patchBias = false;
        if (draft.found().is(Fact.CLASSES)) {
            draft.classes = top.number("projection_dim", vision.number("projection_dim", 512));
        }
    }

    private void siglip(ConfigDraft draft) {
        draft.patchSize = vision.number("patch_size", 16);
        draft.normEps = (float) vision.real("layer_norm_eps", 1e-6);
        draft.mlpDim = vision.number("intermediate_size", 3072);
        draft.mlp = activation("gelu_pytorch_tanh");
        draft.classToken = false;
        draft.positionedPrefix = 0;
        draft.pooling = vision.flag("vision_use_head", true) ? Pooling.ATTENTION : Pooling.MEAN_PATCH;
    }

    private Mlp.Kind activation(String usual) {
        String name = vision.text("hidden_act");
        Mlp.Kind kind = ACTIVATIONS.get(name == null ? usual : name);
        if (kind == null) {
            throw vision.wrong(
                    "hidden_act",
                    FormatException.shown(String.valueOf(name)) + " is not supported; there are "
                            + ACTIVATIONS.keySet());
        }
        return kind;
    }

    /** Of a classifier the number of labels, as far as the file says it; a bare model has none. */
    private int classes(ConfigDraft draft) {
        if (!draft.found().is(Fact.CLASSES) && !top.mentions("architectures", "ForImageClassification")) {
            return 0;
        }
        int labels = top.has("id2label")
                ? top.object("id2label").keys().size()
                : draft.found().get(Fact.CLASSES);
        return top.number("num_labels", labels);
    }
}
