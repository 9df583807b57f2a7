package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrawingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void a_picture_that_was_written_is_read_again_with_what_was_said_of_it(int channels, @TempDir Path folder)
            throws IOException {
        Picture picture = PictureFixtures.waves(23, 57, channels, 4);
        Path file = folder.resolve("new").resolve("picture.png");
        PngWriter.write(file, picture, Map.of("Description", "patches – ähnlich"));
        assertThat(PictureReader.read(file)).isEqualTo(picture.coloured());
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                .contains("Description\0\0\0\0\0patches – ähnlich");
    }

    /** A second opinion on the file format. */
    @Test
    void the_jdk_reads_it_too() throws IOException {
        Picture picture = PictureFixtures.waves(9, 14, 3, 4);
        byte[] file = PngWriter.encode(picture, Map.of("Title", "waves"));
        var image = ImageIO.read(new ByteArrayInputStream(file));
        for (int row = 0; row < 9; row++) {
            for (int column = 0; column < 14; column++) {
                int rgb = picture.level(row, column, 0) << 16
                        | picture.level(row, column, 1) << 8
                        | picture.level(row, column, 2);
                assertThat(image.getRGB(column, row) & 0xFFFFFF).isEqualTo(rgb);
            }
        }
    }

    private static String glyph(char character) {
        StringBuilder ink = new StringBuilder();
        for (int i = 0; i < PixelFont.HEIGHT * PixelFont.ADVANCE; i++) {
            ink.append(PixelFont.hasInk(character, i / PixelFont.ADVANCE, i % PixelFont.ADVANCE) ? '#' : '.');
        }
        return ink.toString();
    }

    @Test
    void every_character_of_ascii_looks_like_no_other() {
        Set<String> seen = new HashSet<>();
        for (char character = ' '; character <= '~'; character++) {
            assertThat(seen.add(glyph(character))).as("'%s'", character).isTrue();
        }
        assertThat(glyph(' ')).doesNotContain("#");
        assertThat(glyph('é')).isEqualTo(glyph('?'));
    }

    @ParameterizedTest
    @EnumSource(ColourMap.class)
    void colours_grow_lighter_from_end_to_end(ColourMap colours) {
        double before = -1;
        for (int step = 0; step <= 100; step++) {
            int colour = colours.of(step / 100.0);
            double lightness = 0.299 * (colour >> 16) + 0.587 * (colour >> 8 & 0xFF) + 0.114 * (colour & 0xFF);
            assertThat(lightness).isGreaterThan(before - 1);
            before = lightness;
        }
        assertThat(colours.of(-3)).isEqualTo(colours.of(0));
        assertThat(colours.of(7)).isEqualTo(colours.of(1));
    }

    @Test
    void a_sheet_shows_its_pictures_side_by_side_with_captions() {
        Picture left = PictureFixtures.waves(20, 20, 3, 1);
        Picture right = PictureFixtures.waves(40, 80, 3, 2);
        Picture sheet = new ContactSheet("title", 40)
                .row()
                .add(left, "left")
                .add(right, "a caption wider than its picture")
                .legend("legend")
                .picture();
        Window first = find(sheet, Resampler.resize(left, 40, 40, Filter.NEAREST));
        Window second = find(sheet, right);
        assertThat(first.top()).isEqualTo(second.top());
        assertThat(second.left()).isGreaterThan(first.left() + 40);
        assertThat(sheet.width()).isGreaterThan(second.left() + 80);
        assertThatThrownBy(() -> new ContactSheet("title", 40).row().picture())
                .isInstanceOf(InvalidInputException.class);
    }

    private static Window find(Picture sheet, Picture part) {
        for (int top = 0; top <= sheet.height() - part.height(); top++) {
            for (int left = 0; left <= sheet.width() - part.width(); left++) {
                Window window = new Window(top, left, part.height(), part.width());
                if (sheet.level(top, left, 0) == part.level(0, 0, 0)
                        && sheet.crop(window).equals(part)) {
                    return window;
                }
            }
        }
        throw new AssertionError("the sheet does not show " + part);
    }
}
