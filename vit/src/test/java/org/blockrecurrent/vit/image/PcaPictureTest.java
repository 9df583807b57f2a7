package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.tensor.testkit.Golden;
import org.junit.jupiter.api.Test;

class PcaPictureTest {
    private static final int D = 24;
    private static final int SIDE = 8;
    /** An eigenvalue is off by no more than the residual at which the iteration stops, 1e-9 of the largest; ten times that. */
    private static final double SHARE_ERROR = 1e-8;

    /** Two kinds of patches, a bright square in front of the middle of a ground, with noise. */
    private static float[] squares(int images) {
        Philox random = Philox.stream(1, "squares");
        float[] patches = new float[images * SIDE * SIDE * D];
        for (int i = 0; i < patches.length; i++) {
            int patch = i / D;
            double kind = isInFront(patch) ? 3 : -1;
            patches[i] = (float) (kind * ((i % D) % 3 - 1) + 0.1 * random.normal(i));
        }
        return patches;
    }

    private static boolean isInFront(int patch) {
        int row = patch / SIDE % SIDE;
        int column = patch % SIDE;
        return row >= 2 && row < 6 && column >= 2 && column < 6;
    }

    @Test
    void patches_that_are_alike_have_like_colours_in_all_images() {
        PcaPicture picture = PcaPicture.of(squares(2), 2, SIDE, SIDE);
        for (int image = 0; image < 2; image++) {
            Picture grid = picture.grid(image);
            int front = grid.level(3, 3, 0);
            int ground = grid.level(0, 0, 0);
            assertThat(Math.abs(front - ground)).isGreaterThan(200);
            for (int patch = 0; patch < SIDE * SIDE; patch++) {
                int near = isInFront(patch) ? front : ground;
                assertThat(Math.abs(grid.level(patch / SIDE, patch % SIDE, 0) - near))
                        .isLessThan(25);
            }
        }
        assertThat(picture.varianceShares()[0]).isGreaterThan(0.9);
    }

    @Test
    void the_front_is_what_does_not_reach_the_edge() {
        PcaPicture picture = PcaPicture.ofForeground(squares(3), 3, SIDE, SIDE);
        for (int patch = 0; patch < 3 * SIDE * SIDE; patch++) {
            int image = patch / (SIDE * SIDE);
            int row = patch / SIDE % SIDE;
            int column = patch % SIDE;
            assertThat(picture.isShown(image, row, column)).isEqualTo(isInFront(patch));
            if (!isInFront(patch)) {
                assertThat(picture.grid(image).level(row, column, 1)).isZero();
            }
        }
    }

    @Test
    void the_sign_of_a_component_does_not_depend_on_how_it_was_found() {
        float[] patches = squares(1);
        boolean[] all = new boolean[SIDE * SIDE];
        Arrays.fill(all, true);
        // 64 rows of 24 features go by features, 20 rows by rows: the same direction from the same data.
        PrincipalComponents byFeatures = PrincipalComponents.of(patches, D, all, 1);
        double[] direction = byFeatures.directions()[0];
        double largest = Arrays.stream(direction).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
        assertThat(largest).isPositive();
        boolean[] some = new boolean[SIDE * SIDE];
        for (int i = 16; i < 36; i++) {
            some[i] = true;
        }
        double[] byRows = PrincipalComponents.of(patches, D, some, 1).directions()[0];
        double cosine = 0;
        for (int d = 0; d < D; d++) {
            cosine += byRows[d] * direction[d];
        }
        assertThat(cosine).isGreaterThan(0.99);
    }

    /** Both ways of computing them give the same components where rows are as many as features, and one more or less. */
    @Test
    void rows_and_features_lead_to_the_same_components() {
        Philox random = Philox.stream(2, "rows");
        for (int rows : new int[] {D - 1, D, D + 1}) {
            float[] values = new float[rows * D];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.normal(i) * (1 + 8.0 / (1 + i % D)));
            }
            boolean[] all = new boolean[rows];
            Arrays.fill(all, true);
            PrincipalComponents components = PrincipalComponents.of(values, D, all, 3);
            double total = 0;
            double[] along = new double[3];
            for (int row = 0; row < rows; row++) {
                for (int k = 0; k < 3; k++) {
                    along[k] += Math.pow(components.score(values, row, k), 2);
                }
                for (int d = 0; d < D; d++) {
                    total += Math.pow(values[row * D + d] - components.mean()[d], 2);
                }
            }
            for (int k = 0; k < 3; k++) {
                assertThat(along[k] / total).isCloseTo(components.shares()[k], within(SHARE_ERROR));
            }
            assertThat(components.shares()[0]).isGreaterThan(components.shares()[1]);
        }
    }

    /**
     * Of features that a trained ViT made of a photograph. The shares are numpy's: squared singular values of the centred
     * features, of which three are divided by the sum of all.
     */
    @Test
    void the_variance_of_real_features_is_divided_as_numpy_divides_it() {
        String fixtures = System.getenv("RAPTOR_FIXTURES");
        assumeTrue(fixtures != null, "SKIPPED: RAPTOR_FIXTURES is not set");
        Golden golden = Golden.file(Path.of(fixtures, "pretrained", "vits14_saliency", "expected.safetensors"));
        double[] shares =
                PcaPicture.of(golden.floats("224.patches.astronaut"), 1, 16, 16).varianceShares();
        assertThat(shares).containsExactly(ASTRONAUT_SHARES, within(SHARE_ERROR));
    }

    private static final double[] ASTRONAUT_SHARES = {0.474578561180, 0.218940366299, 0.060178651565};

    @Test
    void features_that_are_all_the_same_are_grey() {
        Picture grid = PcaPicture.of(new float[9 * 4], 1, 3, 3).grid(0);
        for (byte level : grid.toBytes()) {
            assertThat(level & 0xFF).isEqualTo(128);
        }
    }

    @Test
    void a_picture_is_drawn_at_any_size_and_beside_its_original() {
        PcaPicture picture = PcaPicture.of(squares(2), 2, SIDE, SIDE);
        Picture blocks = picture.picture(1, 40, 40, Filter.NEAREST);
        assertThat(blocks.level(7, 12, 2)).isEqualTo(picture.grid(1).level(1, 2, 2));
        Picture original = PictureFixtures.waves(40, 40, 3, 1);
        Picture sheet = picture.sheet("patches", List.of(original, original), List.of("one", "two"), Filter.BILINEAR);
        assertThat(sheet.height()).isGreaterThan(80);
        assertThatThrownBy(() -> picture.sheet("patches", List.of(original), List.of("one"), Filter.BOX))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void features_of_another_shape_are_refused() {
        assertThatThrownBy(() -> PcaPicture.of(new float[100], 1, 3, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("3 x 3 patches");
        assertThatThrownBy(() -> PcaPicture.of(squares(1), 1, SIDE, SIDE).grid(1))
                .isInstanceOf(InvalidInputException.class);
    }
}
