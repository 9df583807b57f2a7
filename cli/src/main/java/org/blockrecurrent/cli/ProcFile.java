package org.blockrecurrent.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Files of Linux's {@code /proc} with lines such as {@code VmHWM:  123 kB}. Elsewhere everything is empty. */
final class ProcFile {
    private ProcFile() {}

    /** What stands behind the first line's colon of that key. */
    static Optional<String> value(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                    return Optional.of(line.substring(colon + 1).strip());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A value in kB, as bytes. */
    static OptionalLong bytes(Path file, String key) {
        Optional<String> value = value(file, key).filter(text -> text.matches("\\d+ kB"));
        return value.isPresent()
                ? OptionalLong.of(
                        Long.parseLong(value.get().substring(0, value.get().length() - 3)) * 1024)
                : OptionalLong.empty();
    }
}
