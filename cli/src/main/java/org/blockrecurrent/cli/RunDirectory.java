package org.blockrecurrent.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;

/**
 * The folder that a run writes to. One process at a time has it; {@code config.json} in it holds the resolved settings
 * and the environment, and a run with other settings is refused.
 */
final class RunDirectory implements AutoCloseable {
    static final String CONFIG = "config.json";
    private static final String LOCK = ".lock";
    private static final String SETTINGS = "settings";

    private final Path path;
    private final FileChannel channel;

    private RunDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** {@code runs/COMMAND-TIME}, below the folder that the command was started in. */
    static Path fresh(String command) {
        String time = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return Path.of("runs", command + "-" + time);
    }

    /** Makes the folder if need be and locks it; throws if another process has it or it cannot be written to. */
    static RunDirectory open(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new InvalidInputException(
                        "the folder " + path + " is in use by another run; wait for it, or choose another with --out");
            }
            return new RunDirectory(path, channel);
        } catch (IOException e) {
            throw new InvalidInputException(
                    "--out " + path + ": cannot write there (" + e + "); choose a folder that you may write to", e);
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    boolean has(String name) {
        return Files.isRegularFile(file(name));
    }

    /**
     * Writes {@code config.json}; where it is there already, throws unless its settings are the same.
     *
     * @param settings whatever changes a result
     * @param environment where it is computed now; may differ from run to run
     */
    void configure(String command, Map<String, ?> settings, Environment environment) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("command", command);
        config.put(SETTINGS, settings);
        config.put("environment", environment);
        if (has(CONFIG)) {
            requireSame(JsonParser.parseString(Json.text(config)).getAsJsonObject());
        }
        Json.write(file(CONFIG), config);
    }

    private void requireSame(JsonObject wanted) {
        if (!(Json.tree(file(CONFIG)) instanceof JsonObject found)) {
            throw new InvalidInputException(
                    file(CONFIG) + " is not a run's configuration; choose another folder with --out");
        }
        List<String> differences = differences(found, wanted);
        if (!differences.isEmpty()) {
            throw new InvalidInputException(
                    "the run in " + path + " has other settings: " + String.join("; ", differences)
                            + "; give the settings it was begun with, or choose another folder with --out");
        }
    }

    private static List<String> differences(JsonObject found, JsonObject wanted) {
        SortedMap<String, String> before = new TreeMap<>();
        SortedMap<String, String> now = new TreeMap<>();
        for (String part : List.of("command", SETTINGS)) {
            flatten(part, found.get(part), before);
            flatten(part, wanted.get(part), now);
        }
        SortedMap<String, String> keys = new TreeMap<>(before);
        keys.putAll(now);
        List<String> differences = new ArrayList<>();
        for (String key : keys.keySet()) {
            String was = before.getOrDefault(key, "nothing");
            String is = now.getOrDefault(key, "nothing");
            if (!was.equals(is)) {
                differences.add(key.replace(SETTINGS + ".", "") + " was " + was + ", is now " + is);
            }
        }
        return differences;
    }

    private static void flatten(String key, JsonElement element, Map<String, String> into) {
        if (element instanceof JsonObject object) {
            object.entrySet().forEach(entry -> flatten(key + "." + entry.getKey(), entry.getValue(), into));
        } else if (element != null) {
            into.put(key, text(element));
        }
    }

    /** The same text for 0.00001 and 1.0E-5. */
    private static String text(JsonElement element) {
        boolean isNumber =
                element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber();
        return isNumber ? element.getAsBigDecimal().stripTrailingZeros().toPlainString() : element.toString();
    }

    /** Gives the folder back. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new InvalidInputException("cannot release " + path + ": " + e, e);
        }
    }
}
