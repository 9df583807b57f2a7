package org.blockrecurrent.raptor.store.zarr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every store of the corpus is refused with the right complaint, or read. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class HostileZarrTest {
    /** A kind of failure, and what our message says about it, as a regular expression. */
    private static final Map<String, String> COMPLAINTS = Map.ofEntries(
            Map.entry(
                    "InvalidBlosc",
                    "no Blosc frame|not one Blosc frame|is damaged: block 0|numbers of 0 bytes|decodes to -1 bytes"),
            Map.entry("UnsupportedBlosc", "version 77; 2 is supported|codec 7; |bit shuffle is not supported"),
            Map.entry("SizeMismatch", "decodes to -?[0-9]+ bytes, a chunk has 64"),
            Map.entry("UnsupportedDtype", "dtype '\\|O' is not supported"),
            Map.entry("UnsupportedFilter", "filters are not supported"),
            Map.entry("UnsupportedCodec", "compressor 'pickle' is not supported"),
            Map.entry("UnsupportedVersion", "zarr_format '3' is not supported"),
            Map.entry("InvalidMetadata", "is not in 1 … |axes|is neither '.' nor '/'"),
            Map.entry("Overflow", "is not in 1 … 2\\^31 - 1|overflow"));

    /** Buffers and messages. A reader that believed a header would allocate gigabytes. */
    private static final long MOST_BYTES = 1 << 20;

    /** One row of the corpus. */
    record Row(Path store, String expect, String mustDo, String wrong) {
        @Override
        public String toString() {
            return store.getFileName() + ": " + wrong;
        }
    }

    static List<Row> corpus() throws IOException {
        return Files.readAllLines(GoldenStores.resource("/hostile/INDEX.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .map(cells -> new Row(
                        GoldenStores.resource("/hostile/" + cells[0]).getParent(), cells[2], cells[3], cells[4]))
                .toList();
    }

    private static byte[] readFirstChunk(Path store) {
        try (ChunkReader reader = ZarrArray.open(store).reader(ChunkReader.FileCheck.NONE)) {
            return reader.read(0);
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void a_store_is_read_or_refused_as_the_index_says(Row row) {
        if (row.expect().equals("accept")) {
            assertThat(readFirstChunk(row.store())).hasSize(64).containsOnly(0);
            return;
        }
        Throwable thrown = catchThrowable(() -> readFirstChunk(row.store()));
        String kind = row.mustDo().split("[,;] | or ")[0];
        assertThat(COMPLAINTS).as("kinds of failure").containsKey(kind);
        assertThat(thrown).isInstanceOf(FormatException.class);
        assertThat(thrown.getMessage())
                .containsPattern(COMPLAINTS.get(kind))
                .contains(row.store().toString())
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void memory_is_bounded_by_what_the_store_really_holds(Row row) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        catchThrowable(() -> readFirstChunk(row.store())); // loads the classes
        long before = threads.getCurrentThreadAllocatedBytes();
        catchThrowable(() -> readFirstChunk(row.store()));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
    }

    @Test
    void the_corpus_is_complete() throws IOException {
        assertThat(corpus()).hasSize(26);
    }

    @Test
    void the_good_store_of_the_corpus_has_a_hole_that_is_named() {
        Path store = GoldenStores.resource("/hostile/zarr/good_memcpy.zarr");
        assertThat(catchThrowable(() -> ZarrArray.open(store).requireComplete()))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("chunk 1.0.0.0 is missing");
    }
}
