package org.blockrecurrent.raptor.store.zarr;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes are given as a chunk's file or as metadata, they are understood or refused by an {@link InvalidInputException};
 * nothing else, and it ends.
 *
 * <p>The build runs {@link #everything}, whose first byte chooses, for a fixed number of executions; the others are for long
 * runs ({@link org.blockrecurrent.tensor.testkit.Fuzzer}).
 */
class ZarrFuzzTest {
    private static final Path NAME = Path.of("fuzzed");
    /** A frame that says more would only slow the fuzzer down. */
    private static final int LARGEST = 1 << 16;

    /** The JSON reader gives a tree only as a component of a record. */
    private record Wrapped(JsonElement array) {}

    static Stream<byte[]> frameSeeds() {
        return Stream.concat(files("/golden/zarr"), files("/hostile/zarr"))
                .filter(file -> file.getFileName().toString().equals("0.0.0.0")
                        && file.toFile().length() < LARGEST)
                .map(ZarrFuzzTest::read);
    }

    static Stream<byte[]> metadataSeeds() {
        return Stream.concat(files("/golden/zarr"), files("/hostile/zarr"))
                .filter(file -> file.getFileName().toString().equals(ZarrMetadata.FILE))
                .map(ZarrFuzzTest::read);
    }

    static Stream<byte[]> allSeeds() {
        return Stream.concat(
                frameSeeds().map(seed -> join((byte) 0, seed)), metadataSeeds().map(seed -> join((byte) 1, seed)));
    }

    @MethodSource("frameSeeds")
    @FuzzTest
    void frame(byte[] bytes) {
        decode(bytes);
    }

    @MethodSource("metadataSeeds")
    @FuzzTest
    void metadata(byte[] bytes) {
        parse(bytes);
    }

    @MethodSource("allSeeds")
    @FuzzTest
    void everything(byte[] bytes) {
        if (bytes.length > 0) {
            byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
            if (bytes[0] % 2 == 0) {
                decode(rest);
            } else {
                parse(rest);
            }
        }
    }

    /** As a chunk of whatever size the frame says: else nothing but the refusal would be tried. */
    private static void decode(byte[] frame) {
        byte[] head = Arrays.copyOf(frame, BloscHeader.BYTES);
        int claimed = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        int rawBytes = claimed > 0 && claimed <= LARGEST ? claimed : LARGEST;
        try (BloscDecoder decoder = new BloscDecoder()) {
            BloscHeader header = BloscHeader.read(NAME, head, frame.length, rawBytes, head[3] & 0xFF);
            decoder.decode(NAME, header, frame, new byte[rawBytes]);
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static void parse(byte[] json) {
        String text = "{\"array\": " + new String(json, StandardCharsets.UTF_8) + "}";
        try {
            JsonElement tree = Json.parse(text, NAME.toString(), Wrapped.class).array();
            ZarrMetadata metadata = new MetadataParser(NAME).parse(tree);
            ChunkGrid grid = metadata.grid();
            metadata.json();
            String last = grid.key(grid.chunks() - 1, metadata.separator());
            if (grid.chunkSize() < 1 || grid.chunks() < 1 || !last.matches("[0-9]+([./][0-9]+)*")) {
                throw new IllegalStateException(grid + " has a last chunk " + last);
            }
        } catch (InvalidInputException e) {
            return;
        }
    }

    private static byte[] join(byte first, byte[] rest) {
        byte[] joined = new byte[rest.length + 1];
        joined[0] = first;
        System.arraycopy(rest, 0, joined, 1, rest.length);
        return joined;
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> files = Files.walk(GoldenStores.resource(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
