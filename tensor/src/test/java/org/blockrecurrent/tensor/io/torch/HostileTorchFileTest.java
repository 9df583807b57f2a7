package org.blockrecurrent.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpus is refused with the right complaint, or read. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileTorchFileTest {
    /** What a reader must do, up to the first semicolon or comma, and what our message says of it. */
    private static final Map<String, String> COMPLAINTS = Map.ofEntries(
            Map.entry("UnsupportedGlobal", "would have Python call 'os.system'|unsupported dtype, 'torch.EvilStorage'"),
            Map.entry("UnsupportedDtype", "unsupported dtype, 'torch.QInt8Storage'"),
            Map.entry("UnsupportedCompression", "is compressed, which torch.save never does"),
            Map.entry("TruncatedZip", "the file is cut short"),
            Map.entry("error or ignored", "could lead out of the archive"),
            Map.entry("error or read in memory", "could lead out of the archive"),
            Map.entry("MissingStorage", "storage '.*' is missing"),
            Map.entry("MissingEntry", "without data.pkl"),
            Map.entry("AmbiguousArchive", "is ambiguous: it has 2 members called data.pkl"),
            Map.entry("DuplicateEntry", "'archive/data.pkl' is there twice"),
            Map.entry("CrcMismatch", "another CRC than it should"),
            Map.entry("CrcMismatch or UnsupportedByteOrder", "another CRC than it should"),
            Map.entry("InvalidZip", "is not a valid zip archive"),
            Map.entry("InvalidZip: does not start with PK", "is none of the files that hold weights"),
            Map.entry("SizeMismatch", "should have \\d+ elements of F32, but 16 bytes are there"),
            Map.entry("SizeMismatch or accepted with 2 values", "should have 2 elements of F32, but 16 bytes"),
            Map.entry("InvalidView", "beyond its storage|has a negative|overflows 64 bits|extents and 1 strides"),
            Map.entry("InvalidView: more elements than the storage holds", "beyond its storage of 4 elements"),
            Map.entry("InvalidView or accepted", "10000 extents"),
            Map.entry("TypeMismatch", "is no storage with an offset|a persistent id of an unknown form"),
            Map.entry("'this is a TorchScript archive' message", "is a TorchScript archive"),
            Map.entry("'legacy format' message (or read it)", "the pickle is cut short"),
            Map.entry("'this is a web page' message", "is a web page"),
            Map.entry("empty file message", "is empty"));

    private static final long BYTES_PER_FILE_BYTE = 256;

    /** The values of the good files, by the index. */
    private static final Map<String, Map<String, double[]>> GOOD = Map.of(
            "good_minimal.pth", Map.of("w", new double[] {1, 2, 3, 4}),
            "good_views.pth", Map.of("a", new double[] {1, 3, 2, 4}, "b", new double[] {2, 4}, "c", new double[] {1}),
            "good_half.pth", Map.of("h", new double[] {1, -2, 0.5, 65504}, "b", new double[] {1, -2, 0.5, 0x1.FEp127}));

    static List<HostileFile> corpus() {
        return HostileFile.all("pth");
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
        GOOD.forEach((name, tensors) -> {
            try (TensorFile file = TensorFiles.open(HostileFile.golden("pth/" + name))) {
                assertThat(file.names()).as(name).isEqualTo(tensors.keySet());
                tensors.forEach((tensor, values) ->
                        assertThat(file.doubles(tensor)).as(tensor).containsExactly(values));
            }
        });
    }

    @Test
    void nothing_is_unpacked_to_disk() {
        corpus().forEach(file -> catchThrowable(() -> readEverything(file.path())));
        assertThat(Path.of("PWNED")).doesNotExist();
        assertThat(Path.of("..", "..", "PWNED")).doesNotExist();
        assertThat(Path.of("/absolute")).doesNotExist();
        assertThat(HostileFile.golden("pth").resolve("archive")).doesNotExist();
    }

    @Test
    void the_corpus_is_complete() {
        assertThat(corpus()).hasSize(43);
    }

    private static void readEverything(Path path) {
        try (TensorFile file = TensorFiles.open(path)) {
            file.names().forEach(file::floats);
        }
    }
}
