package org.blockrecurrent.raptor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.image.Normalization;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 11 images of 3 states of 6 tokens and 8 channels, in chunks of 4 images. */
class ActivationWriterTest {
    private static final TokenLayout LAYOUT = new TokenLayout(2, 3);
    private static final int IMAGES = 11;
    private static final int LAYERS = 2;
    private static final int D = 8;
    private static final int FLOATS = LAYOUT.tokens() * D;
    private static final StoreSettings SETTINGS = new StoreSettings(4, 3, Precision.FLOAT32);

    @TempDir
    private Path folder;

    private final Backend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    private static StoreCard card() {
        return new StoreCard(
                "0123456789abcdef",
                new Normalization(List.of(0.5f), List.of(0.25f)),
                "some images",
                IMAGES,
                LAYOUT,
                Precision.FLOAT32);
    }

    private static float value(int image, int depth, int i) {
        return (float) Philox.stream(depth, "state").normal(image * (long) FLOATS + i);
    }

    private Trajectory images(int from, int to) {
        List<Tensor> states = new ArrayList<>();
        for (int depth = 0; depth <= LAYERS; depth++) {
            float[] values = new float[(to - from) * FLOATS];
            for (int i = 0; i < values.length; i++) {
                values[i] = value(from + i / FLOATS, depth, i % FLOATS);
            }
            states.add(backend.tensor(Shape.of(to - from, LAYOUT.tokens(), D), values));
        }
        return new Trajectory(states, LAYOUT);
    }

    private ActivationWriter open(Path store, StoreSettings settings) {
        return ActivationWriter.open(store, card(), LAYERS, D, settings, 2);
    }

    /** Gives batches until so many images are done. */
    private void give(ActivationWriter writer, int batch, int to) {
        while (writer.next() < to) {
            writer.accept(images(writer.next(), Math.min(writer.next() + batch, to)));
        }
    }

    private Path write(Path store, int batch, StoreSettings settings) {
        try (ActivationWriter writer = open(store, settings)) {
            give(writer, batch, IMAGES);
            writer.finish();
        }
        return store;
    }

    private static void assertHoldsAll(Path folder) {
        ActivationStore store = ActivationStore.open(folder);
        int perRow = store.array().grid().chunksPerRow();
        try (var reader = store.reader()) {
            for (int row = 0; row < store.array().grid().count(0); row++) {
                ChunkRow decoded = new ChunkRow(store.array());
                for (int i = 0; i < perRow; i++) {
                    decoded.put((long) row * perRow + i, reader.read((long) row * perRow + i));
                }
                for (int image = 4 * row; image < Math.min(4 * row + 4, IMAGES); image++) {
                    assertHolds(decoded, image);
                }
            }
        }
    }

    private static void assertHolds(ChunkRow row, int image) {
        for (int depth = 0; depth <= LAYERS; depth++) {
            float[] state = new float[FLOATS];
            row.copy(image % 4, depth, state, 0);
            for (int i = 0; i < FLOATS; i++) {
                assertThat(state[i]).isEqualTo(value(image, depth, i));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 3", "4, 0", "7, 9", "11, 1"})
    void what_was_written_in_any_batches_is_read_back(int batch, int level) {
        Path store = write(folder.resolve("store"), batch, new StoreSettings(4, level, Precision.FLOAT32));
        assertHoldsAll(store);
    }

    @Test
    void the_store_says_what_it_holds() {
        ActivationStore store = ActivationStore.open(write(folder.resolve("store"), 4, SETTINGS));
        assertThat(store.card()).isEqualTo(card());
        assertThat(List.of(store.images(), store.layers(), store.tokens(), store.embedDim(), store.imagesPerChunk()))
                .containsExactly(11, 2, 6, 8, 4);
        assertThat(store.name()).isEqualTo("some images");
    }

    /** After every number of images: what is there is not written again, and the result is the same to the byte. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6, 8, 10, 11})
    void an_interrupted_store_is_continued_to_the_same_bytes(int done) throws IOException {
        Path whole = write(folder.resolve("whole"), 1, SETTINGS);
        Path store = folder.resolve("store");
        try (ActivationWriter writer = open(store, SETTINGS)) {
            give(writer, 1, done);
        }
        Map<String, Object> before = times(store);
        assertUnfinished(store);
        try (ActivationWriter writer = open(store, SETTINGS)) {
            assertThat(writer.next()).isEqualTo(done == IMAGES ? IMAGES : done / 4 * 4);
            give(writer, 1, IMAGES);
            writer.finish();
        }
        before.forEach((name, time) -> assertThat(times(store)).containsEntry(name, time));
        assertThat(chunks(store)).isEqualTo(chunks(whole));
        assertHoldsAll(store);
    }

    private static void assertUnfinished(Path store) {
        assertThatThrownBy(() -> ActivationStore.open(store))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("is unfinished")
                .hasMessageContaining("goes on from there");
    }

    private static Map<String, Object> times(Path store) {
        return perChunk(store, Files::getLastModifiedTime);
    }

    private static Map<String, Object> chunks(Path store) {
        return perChunk(store, file -> new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    private interface OfFile {
        Object of(Path file) throws IOException;
    }

    private static Map<String, Object> perChunk(Path store, OfFile what) {
        Map<String, Object> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(store)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().matches("[0-9].*")) {
                    found.put(file.getFileName().toString(), what.of(file));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    @Test
    void a_line_that_a_crash_cut_off_counts_for_nothing() throws IOException {
        Path store = folder.resolve("store");
        try (ActivationWriter writer = open(store, SETTINGS)) {
            give(writer, 4, 8);
        }
        Path log = store.resolve(ChunkLog.FILE);
        String text = Files.readString(log);
        Files.writeString(log, text.substring(0, text.length() - 3));
        try (ActivationWriter writer = open(store, SETTINGS)) {
            assertThat(writer.next()).isLessThanOrEqualTo(4);
            give(writer, 4, IMAGES);
            writer.finish();
        }
        assertHoldsAll(store);
    }

    @Test
    void a_finished_store_is_opened_again_and_left_alone() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        String log = Files.readString(store.resolve(ChunkLog.FILE));
        try (ActivationWriter writer = open(store, SETTINGS)) {
            assertThat(writer.next()).isEqualTo(IMAGES);
            writer.finish();
        }
        assertThat(Files.readString(store.resolve(ChunkLog.FILE))).isEqualTo(log);
    }

    @Test
    void every_flipped_bit_of_a_chunk_is_noticed_and_the_chunk_named() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        Path chunk = store.resolve("1.2.0.0");
        byte[] right = Files.readAllBytes(chunk);
        ActivationStore opened = ActivationStore.open(store);
        try (var reader = opened.reader()) {
            for (int bit = 0; bit < 8 * right.length; bit += 13) {
                byte[] wrong = right.clone();
                wrong[bit / 8] ^= (byte) (1 << bit % 8);
                Files.write(chunk, wrong);
                assertThatThrownBy(() -> reader.read(5))
                        .isInstanceOf(FormatException.class)
                        .hasMessageContaining("1.2.0.0");
            }
            Files.write(chunk, right);
            assertThat(reader.read(5)).isNotNull();
        }
    }

    @Test
    void a_chunk_of_another_place_is_noticed() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        Files.copy(store.resolve("0.0.0.0"), store.resolve("0.1.0.0"), StandardCopyOption.REPLACE_EXISTING);
        try (var reader = ActivationStore.open(store).reader()) {
            assertThatThrownBy(() -> reader.read(1)).hasMessageContaining("chunk 0.1.0.0 is damaged");
        }
    }

    @Test
    void a_chunk_that_is_lost_is_named() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        Files.delete(store.resolve("2.0.0.0"));
        assertThatThrownBy(() -> ActivationStore.open(store)).hasMessageContaining("chunk 2.0.0.0 is missing");
    }

    @Test
    void other_settings_do_not_continue_a_store() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        assertRefused("in chunks of (4, 1, 6, 8)", () -> open(store, new StoreSettings(5, 3, Precision.FLOAT32)));
        assertRefused("zstd at level 3", () -> open(store, new StoreSettings(4, 1, Precision.FLOAT32)));
        StoreCard other = new StoreCard(
                "fedcba9876543210", card().normalization(), "some images", IMAGES, LAYOUT, Precision.FLOAT32);
        assertRefused(
                "teacher is 0123456789abcdef, expected fedcba9876543210",
                () -> ActivationWriter.open(store, other, LAYERS, D, SETTINGS, 1));
        Files.delete(store.resolve(StoreCard.FILE));
        assertRefused("that this program did not write", () -> open(store, SETTINGS));
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertRefused("images of a chunk must be positive", () -> new StoreSettings(0, 3, Precision.FLOAT32));
        assertRefused("level must be in 0 … 9", () -> new StoreSettings(1, 10, Precision.FLOAT32));
        StoreSettings huge = new StoreSettings(Integer.MAX_VALUE, 3, Precision.FLOAT32);
        assertRefused("overflow", () -> open(folder.resolve("huge"), huge));
        StoreSettings large = new StoreSettings(10_000_000, 3, Precision.FLOAT32);
        assertRefused(
                "give more with RAPTOR_JAVA_OPTS=-Xmx",
                () -> ActivationWriter.open(folder.resolve("large"), cardOf(20_000_000), LAYERS, D, large, 1));
    }

    private static StoreCard cardOf(int images) {
        return new StoreCard(
                "0123456789abcdef", card().normalization(), "some images", images, LAYOUT, Precision.FLOAT32);
    }

    private static void assertRefused(String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(InvalidInputException.class).hasMessageContaining(part);
    }

    @Test
    void a_log_that_is_none_is_refused() throws IOException {
        Path store = write(folder.resolve("store"), 4, SETTINGS);
        Path log = store.resolve(ChunkLog.FILE);
        String good = Files.readString(log);
        for (String bad : List.of(good + "complete 9\n", "0 12 5e1f\n", "complete 3\n", "x\n", "-1 2 00000000\n")) {
            Files.writeString(log, bad);
            assertThatThrownBy(() -> ActivationStore.open(store))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining(log.toString());
        }
    }

    @Test
    void numbers_are_rounded_to_bfloat16_as_ieee_does() {
        float[] values = {
            1, 1.00390625f, 1.01171875f, Math.nextUp(1.00390625f), -1.01171875f, 0x1.ffp127f, Float.NaN, 1e-40f, 0
        };
        RowBuffer.round(values, 0, values.length);
        assertThat(values)
                .containsExactly(
                        1,
                        1,
                        1.015625f,
                        1.0078125f,
                        -1.015625f,
                        Float.POSITIVE_INFINITY,
                        Float.NaN,
                        Float.intBitsToFloat(0x00010000),
                        0);
    }

    @Test
    void a_rounded_store_is_smaller() throws IOException {
        Path exact = write(folder.resolve("exact"), 4, SETTINGS);
        Path rounded = write(folder.resolve("rounded"), 4, new StoreSettings(4, 3, Precision.BFLOAT16));
        assertThat(Files.size(rounded.resolve("0.0.0.0"))).isLessThan(Files.size(exact.resolve("0.0.0.0")) * 2 / 3);
    }
}
