package org.blockrecurrent.vit.published;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;

/** The configuration that each library has beside its weights: what {@link ConfigFile} reads, written. */
final class ConfigWriter {
    private final VitConfig config;
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private ConfigWriter(VitConfig config) {
        this.config = config;
    }

    static Map<String, Object> of(NamingScheme scheme, VitConfig config) {
        ConfigWriter writer = new ConfigWriter(config);
        switch (scheme) {
            case HUB -> writer.hub();
            case HF -> writer.huggingFace();
            case TIMM -> writer.timm();
            case OPENAI -> writer.openClip();
        }
        return writer.fields;
    }

    private void hub() {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("img_size", image());
        args.put("patch_size", config.patchSize());
        args.put("embed_dim", config.embedDim());
        args.put("depth", config.layers());
        args.put("num_heads", config.heads());
        args.put("mlp_ratio", config.mlp() == Mlp.Kind.SWIGLU ? gatedRatio() : ratio(config.mlpDim()));
        args.put("ffn_layer", config.mlp() == Mlp.Kind.SWIGLU ? "swiglufused" : "mlp");
        args.put("init_values", decimal(config.layerScaleInit()));
        args.put("num_register_tokens", config.registers());
        args.put("interpolate_antialias", config.registers() > 0);
        args.put("interpolate_offset", new BigDecimal(config.registers() > 0 ? "0.0" : "0.1"));
        args.put("block_chunks", 0);
        fields.put("library", "dinov2");
        fields.put("class", "DinoVisionTransformer");
        fields.put("args", args);
    }

    private void huggingFace() {
        fields.put("architectures", List.of(architecture()));
        fields.put("model_type", modelType());
        fields.put("hidden_size", config.embedDim());
        fields.put("num_hidden_layers", config.layers());
        fields.put("num_attention_heads", config.heads());
        fields.put("num_channels", config.channels());
        fields.put("patch_size", config.patchSize());
        fields.put("image_size", image());
        fields.put("layer_norm_eps", decimal(config.normEps()));
        fields.put("hidden_act", activation());
        switch (Family.of(config)) {
            case DINOV2 -> dinov2();
            case VIT -> {
                fields.put("intermediate_size", config.mlpDim());
                fields.put("qkv_bias", config.form().qkvBias());
                labels();
            }
            case CLIP -> {
                fields.put("intermediate_size", config.mlpDim());
                fields.put("projection_dim", config.classes());
            }
            case SIGLIP -> {
                fields.put("intermediate_size", config.mlpDim());
                fields.put("vision_use_head", true);
            }
        }
    }

    private void dinov2() {
        boolean gated = config.mlp() == Mlp.Kind.SWIGLU;
        fields.put("mlp_ratio", gated ? gatedRatio() : ratio(config.mlpDim()));
        fields.put("use_swiglu_ffn", gated);
        fields.put("qkv_bias", config.form().qkvBias());
        fields.put("layerscale_value", decimal(config.layerScaleInit()));
        fields.put("use_mask_token", config.form().maskToken());
        if (config.registers() > 0) {
            fields.put("num_register_tokens", config.registers());
        }
        labels();
    }

    private void labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int k = 0; k < config.classes(); k++) {
            labels.put(Integer.toString(k), "LABEL_" + k);
        }
        if (!labels.isEmpty()) {
            fields.put("id2label", labels);
        }
    }

    private String architecture() {
        boolean classifier = config.classes() > 0;
        return switch (Family.of(config)) {
            case DINOV2 ->
                (config.registers() > 0 ? "Dinov2WithRegisters" : "Dinov2")
                        + (classifier ? "ForImageClassification" : "Model");
            case VIT -> {
                boolean twoHeads = config.pooling() == Pooling.CLS_AND_DISTILLATION && classifier;
                String suffix = classifier ? "ForImageClassification" : "Model";
                yield (config.form().distillationToken() ? "DeiT" : "ViT") + suffix + (twoHeads ? "WithTeacher" : "");
            }
            case CLIP -> "CLIPVisionModel" + (classifier ? "WithProjection" : "");
            case SIGLIP -> "SiglipVisionModel";
        };
    }

    private String modelType() {
        return switch (Family.of(config)) {
            case DINOV2 -> config.registers() > 0 ? "dinov2_with_registers" : "dinov2";
            case VIT -> config.form().distillationToken() ? "deit" : "vit";
            case CLIP -> "clip_vision_model";
            case SIGLIP -> "siglip_vision_model";
        };
    }

    private String activation() {
        return switch (config.mlp()) {
            case GELU, SWIGLU -> "gelu";
            case GELU_TANH -> "gelu_pytorch_tanh";
            case QUICK_GELU -> "quick_gelu";
        };
    }

    /** The nearest name of timm's, and every argument that says more than it. */
    private void timm() {
        Map<String, Object> args = new LinkedHashMap<>();
        args.put("img_size", image());
        args.put("patch_size", config.patchSize());
        args.put("embed_dim", config.embedDim());
        args.put("depth", config.layers());
        args.put("num_heads", config.heads());
        args.put("mlp_ratio", ratio(config.mlp().firstWidth(config.mlpDim())));
        args.put("class_token", config.form().classToken());
        if (config.registers() > 0) {
            args.put("reg_tokens", config.registers());
        }
        if (config.form().classToken() && config.form().positionedPrefix() == 0) {
            args.put("no_embed_class", true);
        }
        if (config.layerScaleInit() > 0) {
            args.put("init_values", decimal(config.layerScaleInit()));
        }
        if (config.mlp() == Mlp.Kind.GELU_TANH || config.mlp() == Mlp.Kind.QUICK_GELU) {
            args.put("act_layer", config.mlp() == Mlp.Kind.GELU_TANH ? "gelu_tanh" : "quick_gelu");
        }
        if (!config.form().qkvBias()) {
            args.put("qkv_bias", false);
        }
        String name = timmName();
        TimmName read = TimmName.of(name);
        if (read == null || read.normEps() != config.normEps()) {
            args.put("norm_eps", decimal(config.normEps())); // timm itself takes a norm_layer there
        }
        fields.put("architecture", name);
        fields.put("num_classes", config.classes());
        fields.put("num_features", config.embedDim());
        fields.put("global_pool", globalPool());
        fields.put("model_args", args);
    }

    private String timmName() {
        return switch (Family.of(config)) {
            case DINOV2 -> {
                String registers = config.registers() > 0 ? "_reg" + config.registers() : "";
                String size = config.mlp() == Mlp.Kind.SWIGLU ? "giant" : "base";
                yield config.form().positionedPrefix() == 0 && config.registers() == 0
                        ? "deit3_base_patch16_224"
                        : "vit_" + size + "_patch14" + registers + "_dinov2";
            }
            case VIT -> config.form().distillationToken() ? "deit_base_distilled_patch16_224" : "vit_base_patch16_224";
            case CLIP ->
                config.mlp() == Mlp.Kind.QUICK_GELU
                        ? "vit_base_patch32_clip_quickgelu_224"
                        : "vit_base_patch32_clip_224";
            case SIGLIP -> "vit_base_patch16_siglip_224";
        };
    }

    private String globalPool() {
        return switch (config.pooling()) {
            case MEAN_PATCH, NORM_OF_MEAN_PATCH -> "avg";
            case ATTENTION -> "map";
            default -> "token";
        };
    }

    private void openClip() {
        Map<String, Object> vision = new LinkedHashMap<>();
        vision.put("image_size", image());
        vision.put("layers", config.layers());
        vision.put("width", config.embedDim());
        vision.put("head_width", config.embedDim() / config.heads());
        vision.put("patch_size", config.patchSize());
        vision.put("mlp_ratio", ratio(config.mlpDim()));
        fields.put("embed_dim", config.classes());
        fields.put("quick_gelu", config.mlp() == Mlp.Kind.QUICK_GELU);
        fields.put("vision_cfg", vision);
    }

    private Object image() {
        return config.imageHeight() == config.imageWidth()
                ? (Object) config.imageHeight()
                : List.of(config.imageHeight(), config.imageWidth());
    }

    /** The ratio from which {@code (int) (width · ratio)} makes the first layer's width. */
    private Object ratio(int firstWidth) {
        int D = config.embedDim();
        if (firstWidth % D == 0) {
            return firstWidth / D;
        }
        double ratio = (double) firstWidth / D;
        return (int) (D * ratio) == firstWidth ? ratio : Math.nextUp((firstWidth + 0.25) / D);
    }

    /** DINOv2's SwiGLU has two thirds of four times the width; no library can say another. */
    private Object gatedRatio() {
        if (HfConfig.gatedWidth(4 * config.embedDim()) != config.mlpDim()) {
            throw new InvalidInputException("a SwiGLU of width " + config.mlpDim() + " at model width "
                    + config.embedDim() + " cannot be said in this library's configuration");
        }
        return 4;
    }

    /** As it would be typed: 1e-6f is 1.0E-6 and not 9.99…e-7. */
    private static BigDecimal decimal(float value) {
        return new BigDecimal(Float.toString(value));
    }
}
