package org.blockrecurrent.vit.published;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NamedTensors;

/**
 * The names of the image tower in a file, without what wraps them: {@code module.}, {@code teacher.backbone.}, {@code vit.},
 * the chunks of blocks in training checkpoints. What is known to be no part of it is set aside: text towers, projection
 * heads of the training, optimizers. Nothing else is.
 */
final class TowerNames {
    private static final List<String> WRAPPERS = List.of("module.", "state_dict.", "model.");
    private static final List<String> TRAINING = List.of("teacher.", "student.", "backbone.", "encoder_q.");
    private static final List<String> TOWERS =
            List.of("dinov2.", "dinov2_with_registers.", "vit.", "deit.", "vision_model.", "visual.", "trunk.");

    /** Beside an image tower, by the beginning of the name. */
    private static final List<String> SET_ASIDE = List.of(
            // training checkpoints
            "optimizer.",
            "lr_scheduler.",
            "scaler.",
            "model_ema.",
            "dino_head.",
            "ibot_head.",
            "dino_loss.",
            "ibot_patch_loss.",
            // CLIP and SigLIP of Hugging Face
            "text_model.",
            "text_projection.",
            "logit_scale",
            "logit_bias");

    /** Beside {@code visual.} in the files of OpenAI and open_clip: the text tower, and numbers about it. */
    private static final List<String> OPENAI_TEXT = List.of(
            "transformer.",
            "token_embedding.",
            "positional_embedding",
            "ln_final.",
            "text_projection",
            "text.",
            "input_resolution",
            "context_length",
            "vocab_size",
            "attn_mask");

    /** A buffer of older transformers: the numbers from 0. */
    private static final String POSITION_IDS = "embeddings.position_ids";

    private static final String OPENAI_TOWER = "visual.";
    private static final Pattern CHUNK = Pattern.compile("blocks\\.\\d+\\.(\\d+\\..*)");

    private final Map<String, String> fileNames = new LinkedHashMap<>();
    private final List<String> setAside = new ArrayList<>();

    private TowerNames() {}

    static TowerNames of(NamedTensors file) {
        Map<String, String> unwrapped = new LinkedHashMap<>();
        file.names().forEach(name -> unwrapped.put(name, stripped(name, WRAPPERS)));
        boolean hasTeacher = unwrapped.values().stream().anyMatch(name -> name.startsWith("teacher."));
        boolean isOpenAi = unwrapped.values().stream().anyMatch(name -> name.startsWith(OPENAI_TOWER));
        TowerNames names = new TowerNames();
        unwrapped.forEach((fileName, outer) -> {
            boolean isStudent = hasTeacher && outer.startsWith("student.");
            String training = stripped(outer, TRAINING);
            if (isStudent || isSetAside(training, isOpenAi)) {
                names.setAside.add(fileName);
            } else {
                names.add(file, fileName, withoutChunk(stripped(training, TOWERS)));
            }
        });
        return names;
    }

    private static boolean isSetAside(String name, boolean isOpenAi) {
        return SET_ASIDE.stream().anyMatch(name::startsWith)
                || name.endsWith(POSITION_IDS)
                || isOpenAi && OPENAI_TEXT.stream().anyMatch(name::startsWith);
    }

    private static String stripped(String name, List<String> prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return stripped(name.substring(prefix.length()), prefixes);
            }
        }
        return name;
    }

    /** Blocks in chunks are numbered through: {@code blocks.CHUNK.LAYER}. */
    private static String withoutChunk(String name) {
        Matcher chunk = CHUNK.matcher(name);
        return chunk.matches() ? "blocks." + chunk.group(1) : name;
    }

    private void add(NamedTensors file, String fileName, String inner) {
        String other = fileNames.putIfAbsent(inner, fileName);
        if (other != null) {
            throw new FormatException(
                    file.where(),
                    "holds two models: " + FormatException.shown(other) + " and " + FormatException.shown(fileName)
                            + " are the same tensor of each; keep one of them");
        }
    }

    /** The tower's names. */
    Set<String> inner() {
        return fileNames.keySet();
    }

    /** What a name of the tower is called in the file. */
    String inFile(String inner) {
        return fileNames.getOrDefault(inner, inner);
    }

    boolean has(String inner) {
        return fileNames.containsKey(inner);
    }

    /** The file's names that are no part of the tower. */
    List<String> setAside() {
        return setAside;
    }

    /** Sets the tensors aside whose names begin so. */
    void setAside(String prefix) {
        List<String> found =
                inner().stream().filter(name -> name.startsWith(prefix)).collect(Collectors.toList());
        found.forEach(name -> setAside.add(fileNames.remove(name)));
    }

    /** Whose names they are; throws a {@link FormatException} if they are nobody's. */
    NamingScheme scheme(String where) {
        if (has("conv1.weight") && has("class_embedding")) {
            return NamingScheme.OPENAI;
        }
        if (has("embeddings.patch_embedding.weight") || has("embeddings.patch_embeddings.projection.weight")) {
            return NamingScheme.HF;
        }
        if (has("patch_embed.proj.weight")) {
            boolean isHub = has("mask_token") || has("register_tokens") || has("blocks.0.mlp.w12.weight");
            return isHub ? NamingScheme.HUB : NamingScheme.TIMM;
        }
        throw new FormatException(
                where,
                "is no Vision Transformer in the names of torch.hub, Hugging Face, timm or OpenAI: it has no patch embedding; "
                        + "its tensors are "
                        + fileNames.values().stream()
                                .limit(3)
                                .map(FormatException::shown)
                                .collect(Collectors.joining(", "))
                        + (fileNames.size() > 3 ? ", …" : ""));
    }

    /** The family, as far as names tell it; in timm's and torch.hub's names it makes no difference to the table. */
    Family family(NamingScheme scheme) {
        if (scheme == NamingScheme.OPENAI || has("embeddings.class_embedding") || has("norm_pre.weight")) {
            return Family.CLIP;
        }
        if (has("embeddings.patch_embedding.weight") || has("attn_pool.latent")) {
            return Family.SIGLIP;
        }
        boolean hasLayerScale =
                inner().stream().anyMatch(name -> name.endsWith("layer_scale1.lambda1") || name.endsWith("ls1.gamma"));
        return hasLayerScale ? Family.DINOV2 : Family.VIT;
    }
}
