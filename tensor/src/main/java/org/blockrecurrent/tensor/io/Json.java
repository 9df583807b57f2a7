package org.blockrecurrent.tensor.io;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Configurations and manifests: records to JSON and back. Reading is strict: a key that is unknown, missing or there
 * twice, or a value of another type, is a {@link FormatException} that names file and key. The keys are the names of the
 * record's components; what its constructor refuses is reported the same way.
 */
public final class Json {
    private static final long LONGEST_FILE = 64L << 20;
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private Json() {}

    /** A record from a file. */
    public static <T> T read(Path file, Class<T> type) {
        return parse(text(file), file.toString(), type);
    }

    /** A record from text; {@code where} says in messages where the text is from. */
    public static <T> T parse(String text, String where, Class<T> type) {
        return type.cast(new RecordReader(where).read(JsonTree.parse(text, where), type, ""));
    }

    /** What the file holds, for files whose keys are not ours to choose. */
    public static JsonElement tree(Path file) {
        return JsonTree.parse(text(file), file.toString());
    }

    /**
     * A record, map or list as indented JSON, null components included. Throws an {@link IllegalArgumentException} for
     * numbers that JSON does not have: say null instead of NaN.
     */
    public static String text(Object value) {
        return GSON.toJson(value) + "\n";
    }

    /** Writes {@link #text(Object)} atomically. */
    public static void write(Path file, Object value) {
        AtomicFile.write(file, text(value));
    }

    private static String text(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) > LONGEST_FILE) {
                throw new FormatException(file, "is larger than 64 MiB: this is no configuration or manifest");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file, "is not valid UTF-8", e);
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }
}
