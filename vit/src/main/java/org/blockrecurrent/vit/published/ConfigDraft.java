package org.blockrecurrent.vit.published;

import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.VitForm;
import org.blockrecurrent.vit.published.Facts.Fact;
import org.jspecify.annotations.Nullable;

/**
 * A configuration in the making. It starts from what the tensors' shapes and the conventions of their scheme say; a file
 * beside the weights overrides that; in the end it is held against the shapes again.
 */
final class ConfigDraft {
    /** Heads of the published widths that do not have 64 channels a head. */
    private static final Map<Integer, Integer> HEADS = Map.of(1152, 16, 1280, 16, 1408, 16, 1664, 16);

    private static final int HEAD_DIM = 64;
    private static final float DINOV2_LAYER_SCALE = 1e-5f;

    private final String where;
    private final Facts found;

    int channels;
    int imageHeight;
    int imageWidth;
    int patchSize;
    int embedDim;
    int layers;
    int heads;
    int mlpDim;
    Mlp.@Nullable Kind mlp;
    int registers;
    float layerScaleInit;
    float normEps;
    int classes;
    Pooling pooling;
    boolean classToken;
    boolean distillationToken;
    boolean maskToken;
    int positionedPrefix;
    PositionRule positions;
    boolean patchBias;
    boolean preNorm;
    boolean qkvBias;
    boolean headBias;

    private ConfigDraft(String where, Facts found, NamingScheme scheme, Family family) {
        this.where = where;
        this.found = found;
        channels = found.get(Fact.CHANNELS);
        patchSize = found.get(Fact.PATCH_SIZE);
        embedDim = found.get(Fact.EMBED_DIM);
        layers = found.get(Fact.LAYERS);
        heads = heads(embedDim);
        mlpDim = found.get(Fact.MLP_DIM);
        registers = found.get(Fact.REGISTERS);
        layerScaleInit = found.is(Fact.LAYER_SCALE) ? DINOV2_LAYER_SCALE : 0;
        classes = found.get(Fact.CLASSES);
        classToken = found.is(Fact.CLASS_TOKEN);
        distillationToken = found.is(Fact.DISTILLATION_TOKEN);
        maskToken = found.is(Fact.MASK_TOKEN);
        patchBias = found.is(Fact.PATCH_BIAS);
        preNorm = found.is(Fact.PRE_NORM);
        qkvBias = found.is(Fact.QKV_BIAS);
        headBias = found.is(Fact.HEAD_BIAS) || !found.is(Fact.CLASSES);
        mlp = mlp(scheme, family);
        normEps = normEps(scheme, family);
        pooling = pooling(scheme, family);
        positions = positions(scheme, family);
        positionedPrefix = positionedPrefix(scheme);
        int side = side(found.get(Fact.POSITION_ROWS) - positionedPrefix);
        imageHeight = side * patchSize;
        imageWidth = imageHeight;
    }

    /** What names, shapes and conventions say. */
    static ConfigDraft of(String where, Facts found, NamingScheme scheme, Family family) {
        return new ConfigDraft(where, found, scheme, family);
    }

    Facts found() {
        return found;
    }

    private static int heads(int embedDim) {
        return HEADS.getOrDefault(embedDim, embedDim % HEAD_DIM == 0 ? embedDim / HEAD_DIM : 0);
    }

    /** CLIP and timm's SigLIP come with two kinds of GELU, and only a name or a configuration tells which. */
    private Mlp.@Nullable Kind mlp(NamingScheme scheme, Family family) {
        if (found.is(Fact.GATED)) {
            return Mlp.Kind.SWIGLU;
        }
        return switch (family) {
            case DINOV2, VIT -> Mlp.Kind.GELU;
            case SIGLIP -> scheme == NamingScheme.HF ? Mlp.Kind.GELU_TANH : null;
            case CLIP -> null;
        };
    }

    private static float normEps(NamingScheme scheme, Family family) {
        return switch (family) {
            case CLIP -> 1e-5f;
            case VIT -> scheme == NamingScheme.HF ? 1e-12f : 1e-6f;
            case DINOV2, SIGLIP -> 1e-6f;
        };
    }

    private Pooling pooling(NamingScheme scheme, Family family) {
        if (found.is(Fact.DISTILLATION_HEAD) || (scheme == NamingScheme.TIMM && distillationToken)) {
            return Pooling.CLS_AND_DISTILLATION;
        }
        if (found.is(Fact.ATTENTION_POOL)) {
            return Pooling.ATTENTION;
        }
        if (found.is(Fact.NORM_AFTER_POOLING)) {
            return Pooling.NORM_OF_MEAN_PATCH;
        }
        if (found.is(Fact.POOLER)) {
            return Pooling.TANH_OF_CLS;
        }
        if (!classToken) {
            return Pooling.MEAN_PATCH;
        }
        boolean dinov2Classifier = scheme == NamingScheme.HF && family == Family.DINOV2 && classes > 0;
        return dinov2Classifier ? Pooling.CLS_AND_MEAN_PATCH : Pooling.CLS;
    }

    private PositionRule positions(NamingScheme scheme, Family family) {
        return switch (scheme) {
            case HUB -> registers > 0 ? PositionRule.ANTIALIASED : PositionRule.OFFSET;
            case HF -> family == Family.DINOV2 && registers > 0 ? PositionRule.ANTIALIASED : PositionRule.BICUBIC;
            case TIMM, OPENAI -> PositionRule.ANTIALIASED;
        };
    }

    /** In timm's files the number of rows tells which tokens have a position; elsewhere all class tokens have one. */
    private int positionedPrefix(NamingScheme scheme) {
        int rows = found.get(Fact.POSITION_ROWS);
        int classTokens = found.classTokens();
        if (scheme == NamingScheme.TIMM) {
            for (int prefix : List.of(classTokens, 0, classTokens + registers)) {
                if (side(rows - prefix) > 0) {
                    return prefix;
                }
            }
        }
        if (classTokens == 1 && side(rows) > 0) {
            throw new FormatException(
                    where,
                    "its position table has " + rows + " rows, " + side(rows) + " x " + side(rows)
                            + " and none for the class token: that is how timm stores models with registers, with the class token's "
                            + "position added to the token; in the names of "
                            + scheme.label() + " there is one row more. Read it under timm's names");
        }
        return classTokens;
    }

    /** The side of a square of so many patches, or 0 if it is none. */
    private static int side(int patches) {
        int side = (int) Math.round(Math.sqrt(Math.max(0, patches)));
        return side * side == patches ? side : 0;
    }

    /** The configuration; throws a {@link FormatException} that lists all in which {@code source} and the weights differ. */
    VitConfig finished(String source) {
        Mlp.Kind kind = mlp;
        if (kind == null) {
            throw new FormatException(
                    where,
                    "its shapes do not tell which form of GELU it was trained with; put its config.json beside it, or say its name in "
                            + "timm, such as vit_base_patch32_clip_quickgelu_224");
        }
        if (heads == 0) {
            throw new FormatException(
                    where,
                    "its shapes do not tell how many attention heads it has (width " + embedDim
                            + "); put its config.json beside it");
        }
        if (imageHeight == 0 || imageWidth == 0) {
            throw new FormatException(
                    where,
                    "its position table has " + found.get(Fact.POSITION_ROWS)
                            + " rows, which is no square of patches; put a config.json beside it that says the size of its images");
        }
        VitConfig config = built(source, kind);
        List<String> differences = found.differences(Facts.of(config));
        if (!differences.isEmpty()) {
            throw new FormatException(
                    source, "does not describe the weights in " + where + ": " + String.join("; ", differences));
        }
        return config;
    }

    private VitConfig built(String source, Mlp.Kind kind) {
        VitForm form = new VitForm(
                classToken,
                distillationToken,
                maskToken,
                positionedPrefix,
                positions,
                patchBias,
                preNorm,
                qkvBias,
                headBias);
        try {
            return new VitConfig(
                    channels,
                    imageHeight,
                    imageWidth,
                    patchSize,
                    embedDim,
                    layers,
                    heads,
                    mlpDim,
                    kind,
                    registers,
                    layerScaleInit,
                    normEps,
                    0,
                    classes,
                    pooling,
                    form);
        } catch (org.blockrecurrent.tensor.InvalidInputException e) {
            throw new FormatException(source, String.valueOf(e.getMessage()), e);
        }
    }
}
