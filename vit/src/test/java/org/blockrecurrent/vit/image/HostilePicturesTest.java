package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostilePicturesTest {
    private static final int PATIENCE_SECONDS = 60;

    static List<PictureFixtures.Hostile> hostile() {
        return PictureFixtures.hostile("pictures");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    @Timeout(PATIENCE_SECONDS)
    void a_malformed_picture_is_refused_with_its_name_and_why(PictureFixtures.Hostile hostile) {
        if (hostile.expect().equals("error")) {
            assertThatThrownBy(() -> PictureReader.read(hostile.file()))
                    .isInstanceOf(InvalidPictureException.class)
                    .hasMessageStartingWith(hostile.file() + ": ")
                    .hasMessageContaining("; ")
                    .message()
                    .doesNotContain("Exception");
        } else {
            assertThat(outcome(hostile.file())).startsWith("read").doesNotContain("\n");
        }
    }

    /** A process of its own whose heap could not hold what the bombs claim. */
    @Test
    @Tag("process")
    void all_of_them_are_dealt_with_in_64_megabytes() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        HostilePicturesTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().filter(line -> line.startsWith("picture ")))
                .hasSize(hostile().size());
        assertThat(child.exitValue()).as(said).isZero();
    }

    /** Reads every hostile file, and brings to a model's size what can be read. */
    public static void main(String[] args) {
        for (PictureFixtures.Hostile hostile : hostile()) {
            System.out.println("picture " + hostile.file().getFileName() + " " + outcome(hostile.file()));
        }
    }

    private static String outcome(Path file) {
        try {
            return "read, " + Preprocessing.dinov2(224).apply(PictureReader.read(file));
        } catch (InvalidPictureException e) {
            return "refused: " + e.getMessage();
        }
    }

    static Stream<String> smallFiles() {
        return Stream.of(
                "jpeg_420_17x23.jpg",
                "jpeg_grey_2x2.jpg",
                "jpeg_444_progressive.jpg",
                "jpeg_ycck_420.jpg",
                "jpeg_440.jpg",
                "png_palette4.png",
                "png_rgb8_interlaced.png",
                "png_grey1_interlaced.png",
                "gif_64.gif",
                "bmp_24.bmp");
    }

    @ParameterizedTest
    @MethodSource("smallFiles")
    void a_file_cut_off_anywhere_is_refused_or_has_all_its_pixels(String name) {
        byte[] whole = PictureFixtures.bytes(name);
        Picture picture = PictureReader.decode(name, whole);
        int refused = 0;
        for (int length = 0; length < whole.length; length += 1 + whole.length / 500) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(PictureReader.decode(name, cut)).isEqualTo(picture);
            } catch (InvalidPictureException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("smallFiles")
    void damage_of_any_kind_ends_in_a_picture_or_in_a_typed_exception(String name) {
        byte[] whole = PictureFixtures.bytes(name);
        Philox random = Philox.stream(3, name);
        for (int trial = 0; trial < 300; trial++) {
            byte[] damaged = whole.clone();
            for (int k = 0; k <= trial % 4; k++) {
                long draw = trial * 16L + 2 * k;
                damaged[random.below(trial % 2 == 0 ? whole.length : Math.min(whole.length, 400), draw)] ^=
                        (byte) (1 << random.below(8, draw + 1));
            }
            try {
                PictureReader.decode(name, damaged);
            } catch (InvalidPictureException e) {
                assertThat(e).hasMessageStartingWith(name + ": ");
            }
        }
    }

    /** Files that were made to trip up this reader: endless markers, a scan header without content, a far offset. */
    @ParameterizedTest
    @MethodSource
    void what_would_overflow_is_refused(String name, byte[] file) {
        assertThatThrownBy(() -> PictureReader.decode(name, file)).isInstanceOf(InvalidPictureException.class);
    }

    static Stream<Arguments> what_would_overflow_is_refused() {
        byte[] markers = new byte[2_000_002];
        for (int i = 0; i < markers.length; i += 2) {
            markers[i] = (byte) 0xFF;
        }
        markers[1] = (byte) 0xD8;
        byte[] progressive = PictureFixtures.bytes("jpeg_444_progressive.jpg");
        int scan = indexOfScan(progressive);
        byte[] emptyScan = Arrays.copyOf(progressive, scan + 4);
        emptyScan[scan + 2] = 0;
        emptyScan[scan + 3] = 2;
        byte[] bmp = PictureFixtures.bytes("bmp_24.bmp");
        byte[] farOffset = bmp.clone();
        farOffset[13] = 0x7F;
        byte[] negativeOffset = bmp.clone();
        negativeOffset[13] = (byte) 0x80;
        byte[] lowest = bmp.clone();
        Arrays.fill(lowest, 22, 25, (byte) 0);
        lowest[25] = (byte) 0x80;
        return Stream.of(
                Arguments.of("markers", markers),
                Arguments.of("empty scan", emptyScan),
                Arguments.of("far offset", farOffset),
                Arguments.of("negative offset", negativeOffset),
                Arguments.of("lowest height", lowest));
    }

    private static int indexOfScan(byte[] jpeg) {
        int at = 0;
        while (jpeg[at] != (byte) 0xFF || jpeg[at + 1] != (byte) 0xDA) {
            at++;
        }
        return at;
    }

    /** What would unpack to more pixels than so few bytes can hold is refused before memory is set aside for it. */
    @ParameterizedTest
    @ValueSource(strings = {"png_rgb8.png", "jpeg_420_q75.jpg", "gif_64.gif", "bmp_24.bmp"})
    void a_claim_that_the_data_cannot_bear_out_is_refused(String name) {
        byte[] file = PictureFixtures.bytes(name);
        switch (file[0]) {
            case (byte) 0x89 -> {
                ByteBuffer.wrap(file).putInt(16, 13_000).putInt(20, 13_000);
                CRC32 crc = new CRC32();
                crc.update(file, 12, 17);
                ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
            }
            case 'G' -> {
                int frame = 13 + (3 << (file[10] & 7) + 1);
                for (int at : new int[] {6, 8, frame + 5, frame + 7}) {
                    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putShort(at, (short) 13_000);
                }
            }
            case 'B' ->
                ByteBuffer.wrap(file)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(18, 13_000)
                        .putInt(22, 13_000);
            default -> {
                int frame = 0;
                while (file[frame] != (byte) 0xFF || file[frame + 1] != (byte) 0xC0) {
                    frame++;
                }
                ByteBuffer.wrap(file).putShort(frame + 5, (short) 13_000).putShort(frame + 7, (short) 13_000);
            }
        }
        assertThatThrownBy(() -> PictureReader.decode(name, file))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageContaining("cut off");
    }

    @Test
    void a_missing_file_and_a_folder_are_told_apart(@TempDir Path folder) {
        assertThatThrownBy(() -> PictureReader.read(folder.resolve("none.png")))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageContaining("it is not there");
        assertThatThrownBy(() -> PictureReader.read(folder))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageContaining("not a regular file");
    }

    @Test
    void a_file_far_larger_than_any_picture_is_refused_unread(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("huge.png");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1]), 3L << 30);
        }
        assertThatThrownBy(() -> PictureReader.read(file))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageContaining("bytes are more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RIFF\0\0\0\0WEBPVP8L", "II*\0\10\0\0\0", "\0\0\0\30ftypheic", "P6 3 3 255"})
    void a_format_that_cannot_be_read_is_named(String beginning) {
        byte[] bytes = beginning.getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> PictureReader.decode("picture", bytes))
                .isInstanceOf(InvalidPictureException.class)
                .hasMessageMatching("picture: unsupported format (WebP|TIFF|HEIF or AVIF|PPM); convert it to PNG");
    }

    @Test
    void a_name_says_nothing_about_what_a_file_is() throws IOException {
        assertThat(PictureReader.read(PictureFixtures.file("png_named.jpg")))
                .isEqualTo(PictureReader.read(PictureFixtures.file("png_rgb8.png")));
        assertThat(Files.readAllBytes(PictureFixtures.file("jpeg_named.png"))).startsWith(0xFF, 0xD8);
        assertThat(PictureReader.read(PictureFixtures.file("jpeg_named.png")).height())
                .isEqualTo(61);
    }
}
