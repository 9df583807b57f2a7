package org.blockrecurrent.vit.published;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NearestNames;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.VitForm;

/** What the names and shapes of a model's tensors tell, as numbers; yes is 1. A configuration must tell the same. */
final class Facts {
    private static final Pattern LAYER = Pattern.compile("blocks\\.(\\d+)\\..*");
    private static final int MOST_SHOWN = 8;
    private static final int LONGEST_NUMBER = 4;

    /** One number. */
    enum Fact {
        CHANNELS("channels"),
        PATCH_SIZE("patch size"),
        EMBED_DIM("width"),
        LAYERS("layers"),
        MLP_DIM("width of the MLP"),
        GATED("SwiGLU"),
        REGISTERS("registers"),
        CLASS_TOKEN("class token"),
        DISTILLATION_TOKEN("distillation token"),
        POSITION_ROWS("rows of the position table"),
        LAYER_SCALE("LayerScale"),
        PATCH_BIAS("bias of the patch embedding"),
        PRE_NORM("norm before the blocks"),
        QKV_BIAS("bias of queries, keys and values"),
        NORM_AFTER_POOLING("norm after pooling"),
        POOLER("pooler"),
        ATTENTION_POOL("attention pool"),
        MASK_TOKEN("mask token"),
        DISTILLATION_HEAD("head of the distillation token"),
        CLASSES("classes"),
        HEAD_BIAS("bias of the head");

        private final String label;

        Fact(String label) {
            this.label = label;
        }
    }

    private final Map<Fact, Integer> facts = new EnumMap<>(Fact.class);

    private Facts() {}

    int get(Fact fact) {
        return facts.getOrDefault(fact, 0);
    }

    boolean is(Fact fact) {
        return get(fact) > 0;
    }

    /** The class tokens together. */
    int classTokens() {
        return get(Fact.CLASS_TOKEN) + get(Fact.DISTILLATION_TOKEN);
    }

    /** Reads them off a model's tensors; throws a {@link FormatException} if those that tell the most are missing. */
    static Facts of(CanonicalTensors tensors) {
        boolean gated = tensors.endingWith(".mlp.w3.weight") != null;
        String end = gated ? ".mlp.w3.weight" : ".mlp.fc2.weight";
        String found = tensors.endingWith(end);
        String lastLayer = found == null ? "blocks.0" + end : found;
        requireAll(tensors, "patch_embed.proj.weight", "pos_embed", lastLayer);
        Facts facts = new Facts();
        Shape patch = requireRank(tensors, "patch_embed.proj.weight", 4);
        facts.put(Fact.EMBED_DIM, patch.dim(0));
        facts.put(Fact.CHANNELS, patch.dim(1));
        facts.put(Fact.PATCH_SIZE, patch.dim(2));
        facts.put(Fact.POSITION_ROWS, requireRank(tensors, "pos_embed", 3).dim(1));
        facts.put(Fact.LAYERS, layers(tensors));
        facts.put(Fact.MLP_DIM, requireRank(tensors, lastLayer, 2).dim(1));
        facts.put(Fact.GATED, gated ? 1 : 0);
        if (tensors.has("register_tokens")) {
            facts.put(Fact.REGISTERS, requireRank(tensors, "register_tokens", 3).dim(1));
        }
        if (tensors.has("head.weight")) {
            facts.put(Fact.CLASSES, requireRank(tensors, "head.weight", 2).dim(0));
        }
        facts.present(tensors);
        return facts;
    }

    private void present(CanonicalTensors tensors) {
        Map<Fact, String> signs = Map.ofEntries(
                Map.entry(Fact.CLASS_TOKEN, "cls_token"),
                Map.entry(Fact.DISTILLATION_TOKEN, "dist_token"),
                Map.entry(Fact.MASK_TOKEN, "mask_token"),
                Map.entry(Fact.LAYER_SCALE, ".ls1.gamma"),
                Map.entry(Fact.PATCH_BIAS, "patch_embed.proj.bias"),
                Map.entry(Fact.PRE_NORM, "norm_pre.weight"),
                Map.entry(Fact.QKV_BIAS, ".attn.qkv.bias"),
                Map.entry(Fact.NORM_AFTER_POOLING, "fc_norm.weight"),
                Map.entry(Fact.POOLER, "pooler.dense.weight"),
                Map.entry(Fact.ATTENTION_POOL, "attn_pool.latent"),
                Map.entry(Fact.DISTILLATION_HEAD, "head_dist.weight"),
                Map.entry(Fact.HEAD_BIAS, "head.bias"));
        signs.forEach((fact, name) -> put(fact, tensors.endingWith(name) == null ? 0 : 1));
    }

    /** What a configuration tells. */
    static Facts of(VitConfig config) {
        VitForm form = config.form();
        Facts facts = new Facts();
        facts.put(Fact.CHANNELS, config.channels());
        facts.put(Fact.PATCH_SIZE, config.patchSize());
        facts.put(Fact.EMBED_DIM, config.embedDim());
        facts.put(Fact.LAYERS, config.layers());
        facts.put(Fact.MLP_DIM, config.mlpDim());
        facts.put(Fact.GATED, config.mlp() == Mlp.Kind.SWIGLU ? 1 : 0);
        facts.put(Fact.REGISTERS, config.registers());
        facts.put(Fact.CLASS_TOKEN, form.classToken() ? 1 : 0);
        facts.put(Fact.DISTILLATION_TOKEN, form.distillationToken() ? 1 : 0);
        facts.put(Fact.MASK_TOKEN, form.maskToken() ? 1 : 0);
        facts.put(Fact.POSITION_ROWS, config.positionRows());
        facts.put(Fact.LAYER_SCALE, config.layerScaleInit() > 0 ? 1 : 0);
        facts.put(Fact.PATCH_BIAS, form.patchBias() ? 1 : 0);
        facts.put(Fact.PRE_NORM, form.preNorm() ? 1 : 0);
        facts.put(Fact.QKV_BIAS, form.qkvBias() ? 1 : 0);
        facts.put(Fact.NORM_AFTER_POOLING, config.pooling() == Pooling.NORM_OF_MEAN_PATCH ? 1 : 0);
        facts.put(Fact.POOLER, config.pooling() == Pooling.TANH_OF_CLS ? 1 : 0);
        facts.put(Fact.ATTENTION_POOL, config.pooling() == Pooling.ATTENTION ? 1 : 0);
        boolean twoHeads = config.pooling() == Pooling.CLS_AND_DISTILLATION && config.classes() > 0;
        facts.put(Fact.DISTILLATION_HEAD, twoHeads ? 1 : 0);
        facts.put(Fact.CLASSES, config.classes());
        facts.put(Fact.HEAD_BIAS, config.classes() > 0 && form.headBias() ? 1 : 0);
        return facts;
    }

    /** Each fact in which a configuration and these differ, in words. */
    List<String> differences(Facts declared) {
        List<String> differences = new ArrayList<>();
        for (Fact fact : Fact.values()) {
            if (declared.get(fact) != get(fact)) {
                differences.add(fact.label + " " + declared.get(fact) + ", the weights have " + get(fact));
            }
        }
        return differences;
    }

    private void put(Fact fact, int value) {
        facts.put(fact, value);
    }

    private static int layers(CanonicalTensors tensors) {
        SortedSet<Integer> layers = new TreeSet<>();
        for (String name : tensors.names()) {
            Matcher layer = LAYER.matcher(name);
            if (layer.matches() && layer.group(1).length() <= LONGEST_NUMBER) {
                layers.add(Integer.parseInt(layer.group(1)));
            }
        }
        if (layers.last() != layers.size() - 1) {
            throw new FormatException(
                    tensors.where(), "has tensors of layer " + layers.last() + ", but not of all layers before it");
        }
        return layers.size();
    }

    private static Shape requireRank(CanonicalTensors tensors, String name, int rank) {
        Shape shape = tensors.shape(name);
        if (shape.rank() != rank) {
            throw new FormatException(
                    tensors.where(),
                    "tensor " + FormatException.shown(tensors.nameInFile(name)) + " is " + shape + ", needed one of "
                            + rank + " axes");
        }
        return shape;
    }

    private static void requireAll(CanonicalTensors tensors, String... names) {
        List<String> missing = List.of(names).stream()
                .filter(name -> !tensors.has(name))
                .map(tensors::nameInFile)
                .toList();
        if (!missing.isEmpty()) {
            String unknown = tensors.unknown().stream()
                    .limit(MOST_SHOWN)
                    .map(FormatException::shown)
                    .collect(Collectors.joining(", "));
            throw new FormatException(
                    tensors.where(),
                    "is no complete model. Missing: "
                            + missing.stream()
                                    .map(name ->
                                            FormatException.shown(name) + NearestNames.hint(name, tensors.unknown()))
                                    .collect(Collectors.joining(", "))
                            + (unknown.isEmpty() ? "" : ". Not known: " + unknown));
        }
    }
}
