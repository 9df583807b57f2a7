package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.blockrecurrent.vit.image.Resampler;
import org.blockrecurrent.vit.image.Window;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final int SIDE = 6;
    private static final Normalization RAW = new Normalization(List.of(0f, 0f), List.of(1f, 1f));
    /** Two roundings of a float near 1. */
    private static final float FLOAT_ROUNDING = 0x1p-22f;

    private final Backend backend = new ReferenceBackend();
    private final ByteImages set = Pictures.of(10, 2, SIDE, SIDE, 3);

    @AfterEach
    void close() {
        backend.close();
    }

    private float[] pixels(Batches batches, int step) {
        try (Scope scope = backend.openScope()) {
            return batches.at(backend, step).images().toArray();
        }
    }

    @Test
    void an_evaluation_shows_every_image_once_in_order_with_a_ragged_end() {
        Batches batches = Batches.evaluation(set, RAW, 4);
        assertThat(batches.perEpoch()).isEqualTo(3);
        int seen = 0;
        for (int step = 0; step < 3; step++) {
            ImageBatch batch = batches.at(backend, step);
            float[] pixels = batch.images()
                    .require("images", step == 2 ? 2 : 4, 2, SIDE, SIDE)
                    .toArray();
            for (int i = 0; i < batch.size(); i++, seen++) {
                assertThat(batch.indices()[i]).isEqualTo(seen);
                assertThat(batch.labels().toArray()[i]).isEqualTo(set.label(seen));
                assertThat(pixels[i * 2 * SIDE * SIDE]).isEqualTo(set.pixel(seen, 0, 0, 0) / 255f);
                assertThat(pixels[(i + 1) * 2 * SIDE * SIDE - 1])
                        .isEqualTo(set.pixel(seen, 1, SIDE - 1, SIDE - 1) / 255f);
            }
        }
        assertThat(seen).isEqualTo(10);
    }

    @Test
    void a_batch_larger_than_the_set_is_the_whole_set_in_evaluation_and_refused_in_training() {
        assertThat(Batches.evaluation(set, RAW, 64).at(backend, 0).size()).isEqualTo(10);
        assertThatThrownBy(() -> Batches.training(set, RAW, 64, Augmentation.NONE, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("64");
    }

    @Test
    void an_epoch_of_training_shows_each_image_at_most_once_and_another_epoch_another_order() {
        Batches batches = Batches.training(set, RAW, 5, Augmentation.NONE, 1);
        int[] first = IntStream.range(0, 2)
                .flatMap(s -> IntStream.of(batches.at(backend, s).indices()))
                .toArray();
        int[] second = IntStream.range(2, 4)
                .flatMap(s -> IntStream.of(batches.at(backend, s).indices()))
                .toArray();
        assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(second)
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
                .isNotEqualTo(first);
    }

    @Test
    void the_batch_of_a_step_does_not_depend_on_what_was_asked_for_before() {
        Augmentation augmentation = new Augmentation(2, true, 3);
        Batches run = Batches.training(set, RAW, 4, augmentation, 3);
        pixels(run, 0);
        pixels(run, 1);
        float[] continued = pixels(run, 5);
        assertThat(pixels(Batches.training(set, RAW, 4, augmentation, 3), 5)).isEqualTo(continued);
        assertThat(pixels(Batches.training(set, RAW, 4, augmentation, 4), 5)).isNotEqualTo(continued);
    }

    @Test
    void an_image_is_augmented_alike_in_whatever_batch_it_stands() {
        Augmentation augmentation = new Augmentation(2, true, 3);
        Batches one = Batches.training(set, RAW, 1, augmentation, 3);
        Batches five = Batches.training(set, RAW, 5, augmentation, 3);
        float[] together = pixels(five, 0);
        int size = 2 * SIDE * SIDE;
        for (int i = 0; i < 5; i++) {
            assertThat(pixels(one, i)).isEqualTo(java.util.Arrays.copyOfRange(together, i * size, (i + 1) * size));
        }
    }

    @Test
    void a_shifted_image_moves_and_is_black_where_nothing_comes_in() {
        Augmentation augmentation = new Augmentation(2, true, 11);
        Batches batches = Batches.training(set, RAW, 10, augmentation, 11);
        ImageBatch batch = batches.at(backend, 0);
        float[] pixels = batch.images().toArray();
        int moved = 0;
        for (int i = 0; i < 10; i++) {
            int image = batch.indices()[i];
            Augmentation.Motion motion = augmentation.motion(0, image);
            moved += motion.dx() != 0 || motion.dy() != 0 || motion.mirrored() ? 1 : 0;
            float[] want = moved(image, motion);
            assertThat(java.util.Arrays.copyOfRange(pixels, i * want.length, (i + 1) * want.length))
                    .isEqualTo(want);
        }
        assertThat(moved).isPositive();
    }

    /** The same, pixel by pixel from the source: shift, then mirror. */
    private float[] moved(int image, Augmentation.Motion motion) {
        float[] target = new float[2 * SIDE * SIDE];
        for (int channel = 0; channel < 2; channel++) {
            for (int row = 0; row < SIDE; row++) {
                for (int column = 0; column < SIDE; column++) {
                    int toRow = row + motion.dy();
                    int shifted = column + motion.dx();
                    int toColumn = motion.mirrored() ? SIDE - 1 - shifted : shifted;
                    if (toRow >= 0 && toRow < SIDE && shifted >= 0 && shifted < SIDE) {
                        target[(channel * SIDE + toRow) * SIDE + toColumn] =
                                set.pixel(image, channel, row, column) / 255f;
                    }
                }
            }
        }
        return target;
    }

    @Test
    void a_crop_shows_a_part_of_an_image_at_the_size_of_the_whole() {
        Augmentation augmentation = new Augmentation(0, false, RandomResizedCrop.from(0.2), 7);
        Batches batches = Batches.training(set, RAW, 10, augmentation, 7);
        ImageBatch batch = batches.at(backend, 0);
        float[] pixels = batch.images().toArray();
        int cropped = 0;
        for (int i = 0; i < 10; i++) {
            int image = batch.indices()[i];
            Window part = RandomResizedCrop.from(0.2).draw(7, 0, image).in(SIDE, SIDE);
            cropped += part.equals(Window.whole(SIDE, SIDE)) ? 0 : 1;
            for (int channel = 0; channel < 2; channel++) {
                Picture resized = Resampler.resize(plane(image, channel).crop(part), SIDE, SIDE, Filter.BICUBIC);
                for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
                    assertThat(pixels[(i * 2 + channel) * SIDE * SIDE + pixel])
                            .isEqualTo(resized.level(pixel / SIDE, pixel % SIDE, 0) / 255f);
                }
            }
        }
        assertThat(cropped).isGreaterThan(5);
    }

    private Picture plane(int image, int channel) {
        byte[] levels = new byte[SIDE * SIDE];
        for (int pixel = 0; pixel < levels.length; pixel++) {
            levels[pixel] = (byte) set.pixel(image, channel, pixel / SIDE, pixel % SIDE);
        }
        return new Picture(SIDE, SIDE, 1, levels);
    }

    @Test
    void all_motions_occur_and_none_beyond_the_shift() {
        Augmentation augmentation = new Augmentation(2, true, 5);
        boolean[] seen = new boolean[50];
        for (int image = 0; image < 2000; image++) {
            Augmentation.Motion motion = augmentation.motion(3, image);
            seen[((motion.dy() + 2) * 5 + motion.dx() + 2) * 2 + (motion.mirrored() ? 1 : 0)] = true;
        }
        assertThat(seen).doesNotContain(false);
    }

    @Test
    void normalized_training_images_have_mean_zero_and_variance_one() {
        Normalization normalization = set.normalization();
        float[] pixels = Batches.evaluation(set, normalization, 10)
                .at(backend, 0)
                .images()
                .toArray();
        double[] sums = new double[4];
        for (int i = 0; i < pixels.length; i++) {
            int channel = i / (SIDE * SIDE) % 2;
            sums[channel] += pixels[i];
            sums[2 + channel] += (double) pixels[i] * pixels[i];
        }
        int n = 10 * SIDE * SIDE;
        // Mean and std are stored as floats; values reach 3 standard deviations.
        double rounding = 3 * FLOAT_ROUNDING;
        for (int channel = 0; channel < 2; channel++) {
            assertThat(sums[channel] / n).isBetween(-rounding, rounding);
            assertThat(sums[2 + channel] / n).isBetween(1 - 6 * rounding, 1 + 6 * rounding);
        }
    }

    @Test
    void black_comes_in_before_normalization() {
        Normalization normalization = set.normalization();
        Augmentation augmentation = new Augmentation(SIDE, false, 1);
        int image = IntStream.range(0, 10)
                .filter(i -> augmentation.motion(0, i).dy() > 0)
                .findFirst()
                .orElseThrow();
        Batches batches = Batches.training(set, normalization, 10, augmentation, 1);
        ImageBatch batch = batches.at(backend, 0);
        int position = IntStream.range(0, 10)
                .filter(i -> batch.indices()[i] == image)
                .findFirst()
                .orElseThrow();
        float topLeft = batch.images().toArray()[position * 2 * SIDE * SIDE];
        assertThat(topLeft)
                .isEqualTo(
                        (0f - normalization.mean().get(0)) / normalization.std().get(0));
    }

    @Test
    void a_normalization_of_other_channels_is_refused() {
        Normalization grey = new Normalization(List.of(0f), List.of(1f));
        assertThatThrownBy(() -> Batches.evaluation(set, grey, 4))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("2 channels");
    }
}
