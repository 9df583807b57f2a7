package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.io.HostileFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of the corpus is refused with the right complaint, or read. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileIdxTest {
    private static final int CLASSES = 10;

    /** What a reader must do, up to the first semicolon or comma, and what our message says of it. */
    private static final Map<String, String> COMPLAINTS = Map.ofEntries(
            Map.entry("InvalidMagic", "not an IDX file"),
            Map.entry("UnsupportedType", "element type 0x77"),
            Map.entry("error naming the rank", "rank 1, expected 3"),
            Map.entry("SizeMismatch", "ends before 47040000 bytes|claims more than|more data than"),
            Map.entry("SizeMismatch after reading header size + 1", "more data than"),
            Map.entry("Overflow", "claims more than"),
            Map.entry("InvalidHeader", "rank 255"),
            Map.entry("empty data set message", "an empty data set"),
            Map.entry("TruncatedHeader", "ends before the header"),
            Map.entry("InvalidLabel with its index", "label 200 at index 2"),
            Map.entry("TruncatedGzip", "ends before"),
            Map.entry("CrcMismatch", "damaged gzip data"));

    private static final long BYTES_PER_FILE_BYTE = 64;

    static List<HostileFile> corpus() throws URISyntaxException {
        return HostileFile.listed(
                Path.of(HostileIdxTest.class.getResource("/hostile/idx").toURI()));
    }

    private static void read(HostileFile file) {
        if (file.path().toString().contains("idx1")) {
            IdxReader.labels(file.path(), CLASSES);
        } else {
            IdxReader.images(file.path());
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_file_is_read_or_refused_as_the_index_says(HostileFile file) {
        Throwable thrown = catchThrowable(() -> read(file));
        boolean good = !file.expect().equals("error");
        if (good || file.kind().equals("CountMismatch")) { // too few labels only for images elsewhere
            assertThat(thrown).isNull();
        } else {
            file.requireRefused(thrown, file.path(), COMPLAINTS);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void memory_is_bounded_by_the_size_of_the_file(HostileFile file) {
        file.requireBoundedMemory(BYTES_PER_FILE_BYTE, () -> read(file));
    }

    @Test
    void the_corpus_is_complete() throws URISyntaxException {
        assertThat(corpus()).hasSize(19);
    }
}
