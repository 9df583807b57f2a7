package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    @Test
    void text_is_written_as_utf_8_into_directories_that_are_made() throws IOException {
        Path file = folder.resolve("a/b/text.txt");
        AtomicFile.write(file, "λ = 1\n");
        assertThat(Files.readString(file)).isEqualTo("λ = 1\n");
        AtomicFile.write(file, "second");
        assertThat(Files.readString(file)).isEqualTo("second");
        assertThat(contents(file.getParent())).containsExactly(file);
    }

    @Test
    void when_writing_fails_the_old_file_stays_and_nothing_else_is_left() throws IOException {
        Path file = folder.resolve("kept.txt");
        AtomicFile.write(file, "old");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(new byte[1 << 20]);
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(file + ": cannot be written: No space left on device");
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    throw new IllegalStateException("a bug");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(Files.readString(file)).isEqualTo("old");
        assertThat(contents(folder)).containsExactly(file);
    }

    @Test
    void when_the_first_write_fails_no_file_appears() throws IOException {
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("new"), out -> {
                    out.write(1);
                    throw new IOException("broken");
                }))
                .isInstanceOf(InvalidInputException.class);
        assertThat(contents(folder)).isEmpty();
    }

    @Test
    void a_folder_and_a_name_too_long_are_refused() throws IOException {
        assertThatThrownBy(() -> AtomicFile.write(folder, "x")).hasMessageContaining("it is a directory");
        assertThatThrownBy(() -> AtomicFile.write(folder.resolve("n".repeat(300)), "x"))
                .isInstanceOf(InvalidInputException.class);
        Path file = folder.resolve("file");
        AtomicFile.write(file, "x");
        assertThatThrownBy(() -> AtomicFile.write(file.resolve("below"), "x"))
                .isInstanceOf(InvalidInputException.class);
        assertThat(contents(folder)).containsExactly(file);
    }

    @Test
    void a_reader_never_sees_a_part() throws Exception {
        Path file = folder.resolve("shared");
        AtomicFile.write(file, content('a'));
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 40; i++) {
                AtomicFile.write(file, content(i % 2 == 0 ? 'b' : 'a'));
            }
            done.set(true);
        });
        writer.start();
        do {
            byte[] seen = Files.readAllBytes(file);
            assertThat(Arrays.equals(seen, content('a')) || Arrays.equals(seen, content('b')))
                    .isTrue();
        } while (!done.get() && writer.isAlive());
        writer.join();
        assertThat(done).isTrue();
    }

    private static byte[] content(char c) {
        byte[] bytes = new byte[300_000];
        Arrays.fill(bytes, (byte) c);
        return bytes;
    }

    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
