package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for any picture; that the levels are Pillow's is the business of {@code PictureChecksTest}. */
class ResamplerTest {
    private static final Picture PICTURE = PictureFixtures.waves(61, 43, 3, 1);

    @ParameterizedTest
    @EnumSource(Filter.class)
    void a_part_of_a_resized_picture_is_that_part_of_the_whole(Filter filter) {
        for (int[] size : new int[][] {{37, 51}, {130, 20}, {61, 90}, {30, 43}, {20, 20}, {122, 86}}) {
            Picture whole = Resampler.resize(PICTURE, size[0], size[1], filter);
            Window part = new Window(size[0] / 5, size[1] / 3, size[0] / 2, size[1] / 4);
            assertThat(Resampler.resize(PICTURE, size[0], size[1], filter, part))
                    .isEqualTo(whole.crop(part));
        }
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void the_same_size_is_the_same_picture(Filter filter) {
        assertThat(Resampler.resize(PICTURE, 61, 43, filter)).isEqualTo(PICTURE);
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void grey_goes_through_the_same_arithmetic_as_each_colour(Filter filter) {
        Picture grey = PictureFixtures.waves(30, 50, 1, 2);
        assertThat(Resampler.resize(grey, 17, 71, filter).coloured())
                .isEqualTo(Resampler.resize(grey.coloured(), 17, 71, filter));
    }

    @ParameterizedTest
    @EnumSource(Filter.class)
    void an_even_picture_stays_even(Filter filter) {
        byte[] levels = new byte[40 * 30];
        Arrays.fill(levels, (byte) 201);
        Picture even = new Picture(40, 30, 1, levels);
        for (int[] size : new int[][] {{7, 9}, {100, 11}, {41, 31}}) {
            byte[] resized = Resampler.resize(even, size[0], size[1], filter).toBytes();
            for (byte level : resized) {
                assertThat(level & 0xFF).isEqualTo(201);
            }
        }
    }

    /** 2 · (43 − w) against 61 − h: strictly less, and only where rows are taken away. */
    @ParameterizedTest
    @CsvSource({"37, 31, false", "37, 32, true", "70, 60, false", "60, 43, false", "60, 44, true"})
    void rows_are_resized_last_only_where_far_more_of_them_go(int height, int width, boolean columnsFirst) {
        Picture rowsFirst =
                Resampler.resize(Resampler.resize(PICTURE, 61, width, Filter.BICUBIC), height, width, Filter.BICUBIC);
        Picture columns =
                Resampler.resize(Resampler.resize(PICTURE, height, 43, Filter.BICUBIC), height, width, Filter.BICUBIC);
        Picture resized = Resampler.resize(PICTURE, height, width, Filter.BICUBIC);
        assertThat(resized).isEqualTo(columnsFirst ? columns : rowsFirst);
        if (width != 43) {
            assertThat(resized).isNotEqualTo(columnsFirst ? rowsFirst : columns);
        }
    }

    @ParameterizedTest
    @CsvSource({"640, 427, 256, 383, 256", "427, 640, 256, 256, 383", "100, 100, 7, 7, 7", "3, 1, 256, 768, 256"})
    void the_longer_side_is_truncated(int height, int width, int side, int newHeight, int newWidth) {
        Picture resized =
                Resampler.resizeShorterSide(PictureFixtures.waves(height, width, 3, 1), side, Filter.BILINEAR);
        assertThat(resized.height()).isEqualTo(newHeight);
        assertThat(resized.width()).isEqualTo(newWidth);
    }

    @Test
    void a_result_larger_than_any_picture_may_be_is_refused_before_it_is_made() {
        Picture thin = new Picture(1, 65_500, 1, new byte[65_500]);
        assertThatThrownBy(() -> Resampler.resizeShorterSide(thin, 256, Filter.BICUBIC))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("178956970 pixels");
        assertThatThrownBy(() -> Resampler.resizeShorterSide(thin, 65_500, Filter.BICUBIC))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void a_part_beyond_the_result_is_refused() {
        assertThatThrownBy(() -> Resampler.resize(PICTURE, 20, 20, Filter.BOX, new Window(10, 0, 11, 5)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("reaches beyond");
    }
}
