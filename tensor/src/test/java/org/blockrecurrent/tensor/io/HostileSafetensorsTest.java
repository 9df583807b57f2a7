package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpus is refused with the right complaint, or read. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileSafetensorsTest {
    /** A kind of failure, and what our message says about it, as a regular expression. */
    private static final Map<String, String> COMPLAINTS = Map.ofEntries(
            Map.entry("HeaderTooShort", "begins with 8 bytes"),
            Map.entry("HeaderTooLarge", "at most 100 MB"),
            Map.entry("TruncatedHeader", "cut short"),
            Map.entry("InvalidJson", "not valid JSON|must be an object of strings"),
            Map.entry("InvalidUtf8", "not valid UTF-8"),
            Map.entry("DuplicateKey", "duplicate key"),
            Map.entry("InvalidEntry", "(tensor|entry) '"),
            Map.entry("Overflow", "overflows 64 bits"),
            Map.entry("InvalidOffset", "hole or overlap"),
            Map.entry("IncompleteBuffer", "incomplete"),
            Map.entry("SizeMismatch", "its shape needs"),
            Map.entry("InvalidIndex", "not the name of a .safetensors file beside the index"),
            Map.entry("error naming the shard", "model-00001-of-00002.safetensors"));

    private static final long BYTES_PER_FILE_BYTE = 64;

    static List<HostileFile> corpus() {
        return HostileFile.all("safetensors");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_file_is_read_or_refused_as_the_index_says(HostileFile file) throws IOException {
        assertThat(Files.size(file.path())).as("size of the test file itself").isEqualTo(file.bytes());
        if (file.expect().equals("error")) {
            Throwable thrown = catchThrowable(() -> open(file).close());
            file.requireRefused(thrown, file.path().getParent(), COMPLAINTS);
        } else {
            readEverything(file);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void memory_is_bounded_by_the_size_of_the_file(HostileFile file) {
        file.requireBoundedMemory(BYTES_PER_FILE_BYTE, () -> open(file).close());
    }

    @Test
    void the_corpus_is_complete() {
        assertThat(corpus()).hasSize(61);
    }

    private static TensorFile open(HostileFile file) {
        return file.path().toString().endsWith(".json")
                ? ShardIndex.openSafetensors(file.path())
                : SafetensorsFile.open(file.path());
    }

    private static void readEverything(HostileFile file) {
        try (TensorFile tensors = open(file)) {
            for (String name : tensors.names()) {
                if (file.mustDo().contains("unsupported dtype")) {
                    assertThat(catchThrowable(() -> tensors.floats(name)))
                            .isInstanceOf(FormatException.class)
                            .hasMessageContaining("unsupported dtype");
                } else {
                    assertThat(tensors.floats(name)).isNotNull();
                }
            }
        }
    }
}
