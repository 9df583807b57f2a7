package org.blockrecurrent.vit.published;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.jspecify.annotations.Nullable;

/** The configuration beside a file of weights, whichever library wrote it. */
final class ConfigFile {
    private static final List<String> NAMES = List.of("config.json", "open_clip_config.json");

    private final Path path;
    private final Fields fields;

    private ConfigFile(Path path, Fields fields) {
        this.path = path;
        this.fields = fields;
    }

    /** The one in the folder, or null. */
    static @Nullable ConfigFile in(Path folder) {
        for (String name : NAMES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return read(folder.resolve(name));
            }
        }
        return null;
    }

    static ConfigFile read(Path path) {
        JsonElement json = Json.tree(path);
        if (!(json instanceof JsonObject object)) {
            throw new FormatException(path, "is no configuration: expected an object");
        }
        return new ConfigFile(path, new Fields(object, path.toString()));
    }

    /** Whose names the weights beside it have, as far as the configuration tells. */
    @Nullable
    NamingScheme scheme() {
        if (isHub()) {
            return NamingScheme.HUB;
        }
        if (fields.has("architecture")) {
            return NamingScheme.TIMM;
        }
        if (fields.has("model_type")) {
            return NamingScheme.HF;
        }
        return isOpenClip() ? NamingScheme.OPENAI : null;
    }

    Fields fields() {
        return fields;
    }

    private boolean isHub() {
        return fields.has("args") && fields.has("library") && "dinov2".equals(fields.text("library"));
    }

    private boolean isOpenClip() {
        return fields.has("vision_cfg") || fields.has("model_cfg");
    }

    /** Overrides the draft by what the file says. */
    void apply(ConfigDraft draft) {
        NamingScheme scheme = scheme();
        if (scheme == null) {
            throw new FormatException(
                    path,
                    "is the configuration of no library that is known: it has no model_type (Hugging Face), no architecture (timm), "
                            + "no vision_cfg (open_clip) and no args (torch.hub's DINOv2)");
        }
        switch (scheme) {
            case HUB -> HubConfig.apply(fields, draft);
            case TIMM -> TimmConfig.apply(fields, draft);
            case HF -> HfConfig.apply(fields, draft);
            case OPENAI -> OpenClipConfig.apply(fields, draft);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
