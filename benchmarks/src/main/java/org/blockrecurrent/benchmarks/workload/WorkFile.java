package org.blockrecurrent.benchmarks.workload;

import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.SafetensorsWriter;

/** A work with all its numbers as a safetensors file: what every peer is given. Its sizes stand in the metadata, as JSON. */
public final class WorkFile {
    private static final String KIND = "kind";
    private static final String WORK = "work";
    private static final Map<String, Class<? extends Work>> KINDS = Map.of(
            "encoder", EncoderWork.class,
            "block", BlockWork.class,
            "training", TrainingWork.class,
            "gemm", GemmWork.class,
            "attention", AttentionWork.class);

    private WorkFile() {}

    /** Draws the numbers and writes them. */
    public static void write(Path file, Work work) {
        SafetensorsWriter writer = new SafetensorsWriter();
        writer.metadata(KIND, kind(work)).metadata(WORK, Json.text(work));
        Numbers drawn = Numbers.drawn();
        // Nothing is computed: opening the work asks for all its numbers.
        try (Backend backend = VectorBackend.open(1, true)) {
            work.open(backend, (name, shape, initializer) -> {
                float[] values = drawn.of(name, shape, initializer);
                writer.floats(name, shape, values);
                return values;
            });
        }
        writer.write(file);
    }

    /** The work in a file, ready on a backend. */
    public static Work.Run open(Path path, Backend backend) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Work work = work(file, path);
            return work.open(backend, (name, shape, initializer) -> values(file, name, shape));
        }
    }

    /** The work in a file without its numbers: for peers that read those themselves. */
    public static Work read(Path path) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            return work(file, path);
        }
    }

    private static float[] values(SafetensorsFile file, String name, Shape shape) {
        if (!file.shape(name).equals(shape)) {
            throw new InvalidInputException(
                    file.where() + ": tensor " + name + " has shape " + file.shape(name) + ", the work needs " + shape);
        }
        return file.floats(name);
    }

    private static Work work(SafetensorsFile file, Path path) {
        Map<String, String> metadata = file.metadata();
        Class<? extends Work> type = KINDS.get(metadata.getOrDefault(KIND, ""));
        String text = metadata.get(WORK);
        if (type == null || text == null) {
            throw new InvalidInputException(path + " holds no work of a kind in " + KINDS.keySet());
        }
        return Json.parse(text, path.toString(), type);
    }

    private static String kind(Work work) {
        return KINDS.entrySet().stream()
                .filter(entry -> entry.getValue().isInstance(work))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
