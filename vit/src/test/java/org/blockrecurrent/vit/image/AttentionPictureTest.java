package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class AttentionPictureTest {
    /** Two heads over cls, a register and 2 x 3 patches; the first looks at patch (0, 2), the second at (1, 1). */
    private static final float[] WEIGHTS = {
        0.5f, 0.1f, 0, 0.05f, 0.3f, 0.02f, 0.02f, 0.01f, 0.3f, 0.2f, 0.02f, 0.03f, 0.05f, 0, 0.4f, 0,
    };

    private static int lightness(Picture picture, int row, int column) {
        return picture.level(row, column, 0) + picture.level(row, column, 1) + picture.level(row, column, 2);
    }

    private static Window lightest(Picture picture) {
        Window best = new Window(0, 0, 1, 1);
        for (int i = 0; i < picture.height() * picture.width(); i++) {
            Window here = new Window(i / picture.width(), i % picture.width(), 1, 1);
            if (lightness(picture, here.top(), here.left()) > lightness(picture, best.top(), best.left())) {
                best = here;
            }
        }
        return best;
    }

    @Test
    void the_patch_with_the_most_weight_is_the_lightest_whatever_cls_and_registers_have() {
        AttentionPicture picture = AttentionPicture.of(WEIGHTS, 2, 2, 3);
        assertThat(lightest(picture.head(0, 2, 3, Filter.NEAREST))).isEqualTo(new Window(0, 2, 1, 1));
        assertThat(lightest(picture.head(1, 2, 3, Filter.NEAREST))).isEqualTo(new Window(1, 1, 1, 1));
        assertThat(lightest(picture.mean(2, 3, Filter.NEAREST))).isEqualTo(new Window(1, 1, 1, 1));
    }

    @Test
    void patches_stay_apart_or_blend() {
        AttentionPicture picture = AttentionPicture.of(WEIGHTS, 2, 2, 3);
        Picture blocks = picture.head(0, 20, 30, Filter.NEAREST);
        assertThat(lightness(blocks, 3, 22))
                .isEqualTo(lightness(blocks, 9, 29))
                .isGreaterThan(lightness(blocks, 3, 12));
        Picture blended = picture.head(0, 20, 30, Filter.BILINEAR);
        assertThat(lightness(blended, 0, 20)).isBetween(lightness(blended, 0, 10), lightness(blended, 0, 29));
    }

    @Test
    void even_attention_is_dark_everywhere() {
        Picture picture = AttentionPicture.of(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, 1, 2, 2)
                .head(0, 2, 2, Filter.NEAREST);
        for (int i = 0; i < 4; i++) {
            assertThat(lightness(picture, i / 2, i % 2)).isLessThan(10);
        }
    }

    @Test
    void a_sheet_has_the_original_the_mean_and_every_head() {
        Picture original = PictureFixtures.waves(20, 30, 3, 1);
        Picture sheet = AttentionPicture.of(WEIGHTS, 2, 2, 3).sheet("attention of cls", original, Filter.BILINEAR);
        assertThat(sheet.height()).isGreaterThan(2 * 20);
        assertThat(sheet.width()).isGreaterThan(2 * 30);
    }

    @Test
    void weights_of_another_shape_are_refused() {
        assertThatThrownBy(() -> AttentionPicture.of(WEIGHTS, 3, 2, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("give (heads, N)");
        assertThatThrownBy(() -> AttentionPicture.of(WEIGHTS, 2, 3, 3)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> AttentionPicture.of(WEIGHTS, 2, 2, 3).head(2, 9, 9, Filter.BOX))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no head 2");
    }
}
