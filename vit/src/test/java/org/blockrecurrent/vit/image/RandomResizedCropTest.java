package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class RandomResizedCropTest {
    private static final RandomResizedCrop CROP = RandomResizedCrop.from(0.08);
    private static final int DRAWS = 4000;
    /** A side is rounded by at most half a pixel. */
    private static final double ROUNDING = 0.5;

    @Test
    void what_an_image_shows_depends_on_seed_epoch_and_image_alone() {
        Window first = CROP.draw(7, 3, 11).in(300, 400);
        assertThat(CROP.draw(7, 3, 11).in(300, 400)).isEqualTo(first);
        assertThat(CROP.draw(8, 3, 11).in(300, 400)).isNotEqualTo(first);
        assertThat(CROP.draw(7, 4, 11).in(300, 400)).isNotEqualTo(first);
        assertThat(CROP.draw(7, 3, 12).in(300, 400)).isNotEqualTo(first);
    }

    @Test
    void area_and_proportions_stay_in_their_ranges_and_use_them() {
        double least = 1;
        double most = 0;
        double narrowest = 9;
        double widest = 0;
        for (int image = 0; image < DRAWS; image++) {
            Window part = CROP.draw(1, 0, image).in(300, 400);
            part.requireInside(300, 400);
            double shape = (double) part.width() / part.height();
            double slack = ROUNDING / part.width() + ROUNDING / part.height();
            double share = (double) part.height() * part.width() / (300 * 400);
            assertThat(shape).isBetween(3.0 / 4 * (1 - 2 * slack), 4.0 / 3 * (1 + 2 * slack));
            assertThat(share).isBetween(0.08 * (1 - 2 * slack), 1.0);
            least = Math.min(least, share);
            most = Math.max(most, share);
            narrowest = Math.min(narrowest, shape);
            widest = Math.max(widest, shape);
        }
        assertThat(least).isLessThan(0.09);
        assertThat(most).isGreaterThan(0.95);
        assertThat(narrowest).isLessThan(0.76);
        assertThat(widest).isGreaterThan(1.32);
    }

    /** Of a square picture and small crops every draw fits: areas are even between 4 % and 6 %, the logarithm of shapes too. */
    @Test
    void areas_are_drawn_evenly_and_shapes_evenly_in_their_logarithm() {
        RandomResizedCrop small = new RandomResizedCrop(0.04, 0.06, 0.5, 2);
        double areas = 0;
        double shapes = 0;
        for (int image = 0; image < DRAWS; image++) {
            Window part = small.draw(1, 0, image).in(10_000, 10_000);
            areas += part.height() * (double) part.width() / 1e8 / DRAWS;
            shapes += Math.log((double) part.width() / part.height()) / DRAWS;
        }
        // Five standard errors of the mean of an even distribution: width / √12 / √n each.
        assertThat(areas).isCloseTo(0.05, within(5 * 0.02 / Math.sqrt(12 * DRAWS)));
        assertThat(shapes).isCloseTo(0, within(5 * 2 * Math.log(2) / Math.sqrt(12 * DRAWS)));
    }

    @Test
    void a_picture_that_no_shape_fits_shows_its_middle() {
        RandomResizedCrop all = new RandomResizedCrop(1, 1, 0.9, 1.1);
        assertThat(all.draw(0, 0, 0).in(100, 1000)).isEqualTo(new Window(0, 445, 100, 110));
        assertThat(all.draw(0, 0, 0).in(1000, 90)).isEqualTo(new Window(450, 0, 100, 90));
        assertThat(CROP.draw(0, 0, 0).in(1, 1)).isEqualTo(new Window(0, 0, 1, 1));
    }

    @Test
    void crops_lie_everywhere() {
        Set<Integer> tops = new HashSet<>();
        RandomResizedCrop half = new RandomResizedCrop(0.25, 0.25, 1, 1);
        for (int image = 0; image < 500; image++) {
            Window part = half.draw(2, 0, image).in(20, 20);
            assertThat(part.height()).isEqualTo(10);
            tops.add(part.top());
        }
        assertThat(tops).hasSize(11);
    }

    @Test
    void ranges_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> RandomResizedCrop.from(0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> RandomResizedCrop.from(1.1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new RandomResizedCrop(0.5, 1, 2, 1)).hasMessageContaining("2.0 to 1.0");
    }
}
