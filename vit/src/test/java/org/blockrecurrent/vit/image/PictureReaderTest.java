package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is not about the pixels of one file: those are checked by {@code PictureChecksTest}. */
class PictureReaderTest {

    private static List<Picture> readAll(List<Path> files) {
        List<Picture> pictures = new ArrayList<>();
        for (Path file : files) {
            try {
                pictures.add(PictureReader.read(file));
            } catch (InvalidPictureException e) {
                pictures.add(new Picture(1, 1, 1, new byte[1]));
            }
        }
        return pictures;
    }

    @Test
    void many_threads_read_the_same_pixels() throws IOException, InterruptedException, ExecutionException {
        List<Path> files;
        try (Stream<Path> all = Files.list(PictureFixtures.folder("pictures/files"))) {
            files = all.sorted().toList();
        }
        List<Picture> alone = readAll(files);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<List<Picture>>> readers = new ArrayList<>();
            for (int reader = 0; reader < 8; reader++) {
                readers.add(threads.submit(() -> readAll(files)));
            }
            for (Future<List<Picture>> reader : readers) {
                assertThat(reader.get()).isEqualTo(alone);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Neither a wide gamut, nor a gamma, nor an orientation changes a pixel: models were trained without them. */
    @Test
    void profiles_gamma_and_orientation_are_not_applied() {
        Picture plain = PictureReader.decode("plain", PictureFixtures.bytes("jpeg_named.png"));
        for (String name : List.of("icc", "broken_icc", "exif3", "exif6", "exif8")) {
            assertThat(PictureReader.decode(name, PictureFixtures.bytes("jpeg_420_" + name + ".jpg")))
                    .isEqualTo(plain);
        }
        Picture png = PictureReader.decode("plain", PictureFixtures.bytes("png_rgb8.png"));
        for (String name : List.of("icc", "gamma", "trns", "interlaced", "many_idat")) {
            assertThat(PictureReader.decode(name, PictureFixtures.bytes("png_rgb8_" + name + ".png")))
                    .isEqualTo(png);
        }
    }

    /** The marker that says which colours the components are may be missing or stand behind others. */
    @Test
    void a_jpeg_is_rewritten_to_the_one_marker_that_names_its_colours() {
        JpegFile ycc = JpegFile.parse("ycc", PictureFixtures.bytes("jpeg_444_no_jfif_ids012.jpg"));
        assertThat(ycc.colours()).isEqualTo(JpegColours.YCC);
        assertThat(ycc.rewritten()).startsWith(0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F');
        JpegFile rgb = JpegFile.parse("rgb", PictureFixtures.bytes("jpeg_444_ids_rgb.jpg"));
        assertThat(rgb.colours()).isEqualTo(JpegColours.RGB);
        assertThat(rgb.rewritten()).startsWith(0xFF, 0xD8, 0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e');
        JpegFile inks = JpegFile.parse("inks", PictureFixtures.bytes("jpeg_ycck.jpg"));
        assertThat(inks.colours()).isEqualTo(JpegColours.YCCK);
        assertThat(JpegFile.parse("again", inks.rewritten()).colours()).isEqualTo(JpegColours.YCCK);
    }

    /** libjpeg's rules, JFIF before Adobe before names. */
    @Test
    void the_colours_of_a_jpeg_follow_from_its_markers() {
        int[] numbered = {1, 2, 3};
        int[] named = {'R', 'G', 'B'};
        assertThat(JpegColours.of(new int[] {9}, false, JpegColours.NO_ADOBE)).isEqualTo(JpegColours.GREY);
        assertThat(JpegColours.of(numbered, false, JpegColours.NO_ADOBE)).isEqualTo(JpegColours.YCC);
        assertThat(JpegColours.of(named, false, JpegColours.NO_ADOBE)).isEqualTo(JpegColours.RGB);
        assertThat(JpegColours.of(named, true, JpegColours.NO_ADOBE)).isEqualTo(JpegColours.YCC);
        assertThat(JpegColours.of(named, false, 1)).isEqualTo(JpegColours.YCC);
        assertThat(JpegColours.of(numbered, false, 0)).isEqualTo(JpegColours.RGB);
        assertThat(JpegColours.of(numbered, true, 0)).isEqualTo(JpegColours.YCC);
        assertThat(JpegColours.of(new int[4], true, JpegColours.NO_ADOBE)).isEqualTo(JpegColours.CMYK);
        assertThat(JpegColours.of(new int[4], false, 0)).isEqualTo(JpegColours.CMYK);
        assertThat(JpegColours.of(new int[4], false, 2)).isEqualTo(JpegColours.YCCK);
    }

    @Test
    void a_progressive_jpeg_without_its_last_scans_is_refused() {
        byte[] whole = PictureFixtures.bytes("jpeg_444_progressive.jpg");
        int scans = 0;
        for (int i = 0; i + 1 < whole.length; i++) {
            scans += whole[i] == (byte) 0xFF && whole[i + 1] == (byte) 0xDA ? 1 : 0;
        }
        int seen = 0;
        for (int i = 0; i + 1 < whole.length; i++) {
            if (whole[i] == (byte) 0xFF && whole[i + 1] == (byte) 0xDA && ++seen == scans) {
                byte[] cut = Arrays.copyOf(whole, i + 2);
                cut[i + 1] = (byte) 0xD9;
                assertThatThrownBy(() -> PictureReader.decode("cut", cut))
                        .isInstanceOf(InvalidPictureException.class)
                        .hasMessageContaining("without its last scans");
            }
        }
        assertThat(seen).isGreaterThan(5);
    }
}
