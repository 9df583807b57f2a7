package org.blockrecurrent.vit.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/**
 * A finished teacher in one safetensors file: its parameters under the names that DINOv2 and timm use, and its
 * {@link TeacherCard} as JSON in the metadata.
 */
public final class VitCheckpoint {
    private static final String FORMAT = "format";
    private static final String TEACHER = "raptor for java, teacher";
    private static final String CARD = "card";

    private VitCheckpoint() {}

    /** Writes the file in one step: it is there complete or not at all. */
    public static void save(Path file, VisionTransformer model, TeacherCard card) {
        Checkpoint.save(file, tensors(model.parameters(), ""), Map.of(FORMAT, TEACHER, CARD, Json.text(card)));
    }

    /** A frozen teacher, in the backend's current scope. */
    public static Teacher load(Path file, Backend backend) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            TeacherCard card = card(checkpoint);
            ParameterSource source =
                    ParameterSource.of(backend, checkpoint.values("")).frozen();
            VisionTransformer model = new VisionTransformer(card.config(), source);
            checkpoint.requireExactly("");
            return new Teacher(model, card);
        }
    }

    /** As {@link #load(Path, Backend)}, where only a model of this configuration will do. */
    public static Teacher load(Path file, Backend backend, VitConfig expected) {
        TeacherCard card = card(file);
        requireSame(file.toString(), card.config(), expected);
        return load(file, backend);
    }

    /** What a file says of its teacher. */
    public static TeacherCard card(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return card(checkpoint);
        }
    }

    /** Throws an exception that lists every component in which the settings of a file differ from the expected ones. */
    public static void requireSame(String file, Record found, Record expected) {
        List<String> differences = RecordDifferences.between(found, expected);
        if (!differences.isEmpty()) {
            throw new InvalidInputException(file + " is of another configuration: " + String.join("; ", differences)
                    + "; give the settings that it was made with, or another folder");
        }
    }

    /** The values of parameters by name, with a prefix, as a checkpoint takes them. */
    public static Map<String, Tensor> tensors(Parameters parameters, String prefix) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.all().forEach(parameter -> tensors.put(prefix + parameter.name(), parameter.value()));
        return tensors;
    }

    private static TeacherCard card(Checkpoint checkpoint) {
        return checkpoint.require(FORMAT, TEACHER).json(CARD, TeacherCard.class);
    }
}
