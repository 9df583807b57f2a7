package org.blockrecurrent.tensor.io.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.HostileFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpus is refused with the right complaint, or read. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileNpyTest {
    /** What a reader must do, up to the first semicolon or comma, and what our message says of it. */
    private static final Map<String, String> COMPLAINTS = Map.of(
            "InvalidMagic", "does not begin with 93 'NUMPY'",
            "UnsupportedVersion", "has version 9",
            "TruncatedHeader", "claims a header of .*cut short",
            "SizeMismatch", "its shape .* needs \\d+ bytes of F32, but \\d+ follow",
            "Overflow", "overflows 64 bits",
            "InvalidHeader", "its header is invalid at character \\d+",
            "UnsupportedDtype", "unsupported dtype",
            "bounded by a stated limit or streamed", "more than 100 times as many, and 16 MiB, are not unpacked");

    private static final long BYTES_PER_FILE_BYTE = 64;

    static List<HostileFile> corpus() {
        return HostileFile.all("npy");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_file_is_read_or_refused_as_the_index_says(HostileFile file) throws IOException {
        assertThat(Files.size(file.path())).as("size of the test file itself").isEqualTo(file.bytes());
        Throwable thrown = catchThrowable(() -> readEverything(file.path()));
        if (file.expect().equals("accept")) {
            assertThat(thrown).isNull();
        } else {
            file.requireRefused(thrown, file.path(), COMPLAINTS);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void memory_is_bounded_by_the_size_of_the_file(HostileFile file) {
        file.requireBoundedMemory(BYTES_PER_FILE_BYTE, () -> readEverything(file.path()));
    }

    @Test
    void the_good_files_hold_what_the_index_says() {
        try (NpyFile file = NpyFile.open(HostileFile.golden("npy/good.npy"))) {
            assertThat(file.floats()).containsExactly(1, 2);
        }
        try (NpyFile file = NpyFile.open(HostileFile.golden("npy/good_fortran.npy"))) {
            assertThat(file.shape()).isEqualTo(Shape.of(2, 2));
            assertThat(file.floats()).containsExactly(1, 3, 2, 4);
        }
    }

    @Test
    void the_corpus_is_complete() {
        assertThat(corpus()).hasSize(18);
    }

    private static void readEverything(Path path) {
        if (path.toString().endsWith(".npz")) {
            try (NpzFile file = NpzFile.open(path)) {
                file.names().forEach(file::floats);
            }
            return;
        }
        try (NpyFile file = NpyFile.open(path)) {
            file.floats();
        }
    }
}
