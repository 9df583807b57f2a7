package org.blockrecurrent.tensor.io;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;

/**
 * All that is needed to resume, in one safetensors file: tensors, and metadata such as {@code format}, {@code config} and
 * {@code progress}, the latter two as JSON. Saving replaces the file atomically; opening verifies a checksum over all that
 * the file says, so that what has been damaged is never resumed from.
 *
 * <pre>{@code
 * Checkpoint.save(path, tensors, Map.of("format", "raptor", "config", Json.text(config)));
 * try (Checkpoint checkpoint = Checkpoint.open(path)) {
 *   Config config = checkpoint.json("config", Config.class);
 *   Model model = new Model(config, ParameterSource.of(backend, checkpoint.values("model.")));
 *   checkpoint.requireExactly("model.");
 * }
 * }</pre>
 *
 * <p>Values are stored as F32: on a backend that computes in float, resuming is exact to the bit.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String CHECKSUM = "checkpoint.crc32c";
    private static final String VERSION = "checkpoint.version";
    private static final String CURRENT_VERSION = "1";

    private final SafetensorsFile file;
    private final LoadedValues values;

    private Checkpoint(SafetensorsFile file) {
        this.file = file;
        values = new LoadedValues(file);
    }

    /** Writes tensors, in the map's order, and metadata. Waits for the device. */
    public static void save(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        SafetensorsWriter contents = new SafetensorsWriter();
        metadata.forEach(contents::metadata);
        tensors.forEach(contents::tensor);
        save(file, contents);
    }

    /** Writes what has been collected, which may hold host arrays as well. */
    public static void save(Path file, SafetensorsWriter contents) {
        contents.metadata(VERSION, CURRENT_VERSION).checksummed(CHECKSUM).write(file);
    }

    /** Opens a checkpoint and verifies all of it; throws a {@link FormatException} if it is damaged or something else. */
    public static Checkpoint open(Path file) {
        SafetensorsFile safetensors = SafetensorsFile.open(file);
        try {
            requireIntact(safetensors);
            return new Checkpoint(safetensors);
        } catch (RuntimeException | Error e) {
            safetensors.close();
            throw e;
        }
    }

    /** Whether a safetensors file is a checkpoint of this program, intact or not, rather than of another. */
    public static boolean isCheckpoint(Path file) {
        try (SafetensorsFile safetensors = SafetensorsFile.open(file)) {
            return safetensors.metadata().containsKey(VERSION);
        }
    }

    private static void requireIntact(SafetensorsFile file) {
        String checksum = file.metadata().get(CHECKSUM);
        if (checksum == null) {
            throw new FormatException(
                    file.where(), "is not a checkpoint of this program: its metadata has no " + CHECKSUM);
        }
        if (!checksum.equals(ContentChecksum.of(file, CHECKSUM))) {
            throw new FormatException(
                    file.where(), "is damaged: its checksum differs; resume from an older checkpoint");
        }
        String version = file.metadata().get(VERSION);
        if (!CURRENT_VERSION.equals(version)) {
            throw new FormatException(
                    file.where(),
                    "has checkpoint version " + version + "; this program reads version " + CURRENT_VERSION);
        }
    }

    /** The path, for messages. */
    public String where() {
        return file.where();
    }

    public Set<String> names() {
        return file.names();
    }

    /** The tensors by name; what is read through it does not count as asked for. */
    public SafetensorsFile tensors() {
        return file;
    }

    public Map<String, String> metadata() {
        return file.metadata();
    }

    /** The metadata of that key; throws a {@link FormatException} if there is none. */
    public String metadata(String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new FormatException(
                    file.where(),
                    "its metadata has no " + FormatException.shown(key) + ", only "
                            + file.metadata().keySet());
        }
        return value;
    }

    /** The metadata of that key, which is JSON, as a record. */
    public <T> T json(String key, Class<T> type) {
        return Json.parse(metadata(key), file.where() + ", metadata " + key, type);
    }

    /** Throws unless the metadata has that value, as in {@code require("format", "raptor")}. */
    public Checkpoint require(String key, String value) {
        if (!metadata(key).equals(value)) {
            throw new FormatException(
                    file.where(),
                    "has " + key + " " + FormatException.shown(metadata(key)) + ", needed "
                            + FormatException.shown(value));
        }
        return this;
    }

    /** Values of the tensors whose names begin with the prefix, under the rest of their names. */
    public ParameterSource.Values values(String prefix) {
        return values.at(prefix);
    }

    /**
     * To be called when everything has been taken: throws a {@link FormatException} that lists all tensors that were asked
     * for and are missing, misshapen or not finite, and all whose names begin with the prefix and nobody asked for.
     */
    public void requireExactly(String prefix) {
        values.requireExactly(prefix);
    }

    /** Closes the file. Throws if a tensor was missing or misshapen and {@link #requireExactly} has not said so. */
    @Override
    public void close() {
        file.close();
        values.requireAllFound();
    }
}
