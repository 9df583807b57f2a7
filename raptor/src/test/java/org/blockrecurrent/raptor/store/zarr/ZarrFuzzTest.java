package org.blockrecurrent.raptor.store.zarr;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;

/**
 * Arbitrary bytes as Blosc frames and as metadata: understood, or refused with one line. Without the variable JAZZER_FUZZ the
 * inputs in the resources are tried; with it, ever new ones, one method at a time:
 *
 * <pre>
 *   JAZZER_FUZZ=1 ./mvnw -pl raptor test -Dtest='ZarrFuzzTest#frames*' -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class ZarrFuzzTest {
    private static final int LARGEST = 1 << 18;
    private static final Path FILE = Path.of(".zarray");

    @FuzzTest(maxDuration = "5m")
    void frames_are_decoded_or_refused(byte[] frame) {
        // A chunk of whatever size the frame says: else nothing but the refusal would be tried.
        int claimed = frame.length < BloscHeader.BYTES ? 0 : ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        int rawBytes = claimed > 0 && claimed <= LARGEST ? claimed : LARGEST;
        int typeBytes = frame.length < BloscHeader.BYTES ? 4 : Math.max(1, frame[3]);
        byte[] target = new byte[rawBytes];
        try (BloscDecoder decoder = new BloscDecoder()) {
            byte[] head = Arrays.copyOf(frame, BloscHeader.BYTES);
            decoder.decode(FILE, BloscHeader.read(FILE, head, frame.length, rawBytes, typeBytes), frame, target);
        } catch (FormatException e) {
            assertThat(e.getMessage()).startsWith(FILE + ": ").doesNotContain("\n");
        }
    }

    @FuzzTest(maxDuration = "5m")
    void metadata_is_understood_or_refused(byte[] json) {
        String text = new String(json, StandardCharsets.UTF_8);
        try {
            ZarrMetadata metadata = new MetadataParser(FILE).parse(Json.parse(text, FILE.toString(), Wrapped.class).array());
            ChunkGrid grid = metadata.grid();
            assertThat(grid.chunkSize()).isPositive();
            assertThat(grid.chunks()).isPositive();
            assertThat(grid.key(grid.chunks() - 1, metadata.separator())).matches("[0-9./]+");
        } catch (FormatException e) {
            assertThat(e.getMessage()).startsWith(FILE.toString()).doesNotContain("\n");
        }
    }

    /** The parser takes a tree; the JSON reader gives one as a component of a record. */
    record Wrapped(com.google.gson.JsonElement array) {}
}
