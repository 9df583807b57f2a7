package org.blockrecurrent.vit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.PictureFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureChecksTest {
    /** Of 63 pictures their pixels, three resized versions, eleven more of three of them, the floats; and two refusals. */
    private static final int CHECKS = 63 * 5 + 3 * 11 + 2;

    @Test
    void every_picture_has_the_pixels_of_pillow_and_torchvision_to_the_last_bit() {
        assertAllPass(PictureChecks.of(PictureFixtures.folder("pictures")));
    }

    @Test
    void so_does_the_complete_set_of_fixtures() {
        String fixtures = System.getenv("RAPTOR_FIXTURES");
        assumeTrue(fixtures != null, "SKIPPED: RAPTOR_FIXTURES is not set");
        assertAllPass(PictureChecks.of(Path.of(fixtures, "pictures")));
    }

    private static void assertAllPass(List<Check> checks) {
        assertThat(checks).filteredOn(check -> !check.passed()).isEmpty();
        assertThat(checks).hasSize(CHECKS);
    }

    @Test
    void what_cannot_be_read_is_refused_and_says_so() {
        List<Check> checks = PictureChecks.of(PictureFixtures.folder("pictures"));
        assertThat(checks)
                .extracting(Check::name)
                .anyMatch(name -> name.startsWith("webp_lossless.webp, refused: unsupported format WebP"))
                .anyMatch(name -> name.startsWith("jpeg_420_truncated.jpg, refused: is cut off"));
    }

    @Test
    void another_picture_in_the_place_of_one_fails_its_checks(@TempDir Path folder) throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path original = PictureFixtures.folder("pictures");
        String list = Files.readString(original.resolve("EXPECTED.json"));
        int second = list.indexOf("\n {", list.indexOf("\"png_rgb8_many_idat.png\"") - 40);
        Files.writeString(folder.resolve("EXPECTED.json"), list.substring(0, list.lastIndexOf(',', second)) + "]");
        Files.copy(PictureFixtures.file("png_rgb8_interlaced.png"), files.resolve("png_rgb8.png"));
        assertThat(PictureChecks.of(folder)).isNotEmpty().allMatch(Check::passed);

        Files.delete(files.resolve("png_rgb8.png"));
        Files.copy(PictureFixtures.file("png_grey8.png"), files.resolve("png_rgb8.png"));
        assertThat(PictureChecks.of(folder)).isNotEmpty().noneMatch(Check::passed);

        Files.delete(files.resolve("png_rgb8.png"));
        assertThat(PictureChecks.of(folder)).hasSize(1).noneMatch(Check::passed);
    }

    @Test
    void a_folder_without_a_list_is_refused(@TempDir Path folder) {
        assertThatThrownBy(() -> PictureChecks.of(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("EXPECTED.json");
    }
}
