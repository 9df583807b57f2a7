package org.blockrecurrent.vit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class PreprocessingTest {

    /** Read off timm 1.0.31, torchvision's and OpenAI's code: the shorter side before the crop. */
    @ParameterizedTest
    @CsvSource({
        "dinov2, 224, 256", "dinov2, 98, 112", "dinov2, 518, 592", "timm-dinov2, 518, 518", "deit, 224, 248",
        "deit, 384, 426", "augreg, 224, 248", "clip, 224, 224", "timm-clip, 224, 248", "siglip, 224, 0"
    })
    void a_preset_resizes_as_its_authors_do(String name, int side, int shorterSide) {
        Preprocessing preset = Preprocessing.named(name, side);
        assertThat(preset.name()).isEqualTo(name);
        assertThat(preset.shorterSide()).isEqualTo(shorterSide);
        assertThat(preset.height()).isEqualTo(side);
        assertThat(preset.width()).isEqualTo(side);
        assertThat(preset.filter()).isEqualTo(Filter.BICUBIC);
    }

    @SuppressWarnings("unused")
    private static final List<String> NAMES = Preprocessing.NAMES;

    @ParameterizedTest
    @FieldSource("NAMES")
    void every_preset_makes_pictures_of_any_shape_fit(String name) {
        Preprocessing preset = Preprocessing.named(name, 28);
        for (int[] size : new int[][] {{1, 1}, {1, 90}, {90, 1}, {28, 28}, {31, 64}, {200, 150}}) {
            Picture input = preset.apply(PictureFixtures.waves(size[0], size[1], 3, 5));
            assertThat(input.height()).isEqualTo(28);
            assertThat(input.width()).isEqualTo(28);
            assertThat(preset.normalize(input)).hasSize(3 * 28 * 28);
        }
    }

    @Test
    void an_unknown_preset_is_answered_with_the_known_ones() {
        assertThatThrownBy(() -> Preprocessing.named("resnet", 224))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'resnet'")
                .hasMessageContaining("augreg, clip, deit, dinov2, siglip, timm-clip, timm-dinov2");
    }

    @Test
    void one_line_says_what_is_done() {
        assertThat(Preprocessing.dinov2(224))
                .hasToString(
                        "dinov2: shorter side to 256, middle 224 x 224 (bicubic, as Pillow), v/255 minus "
                                + "[0.485, 0.456, 0.406] over [0.229, 0.224, 0.225]; ICC profiles and EXIF orientation not applied");
        assertThat(Preprocessing.siglip(224).toString()).startsWith("siglip: the whole picture to 224 x 224 (bicubic");
    }

    @Test
    void it_survives_being_written_beside_a_result() {
        Preprocessing preset = Preprocessing.clip(336);
        assertThat(Json.parse(Json.text(preset), "text", Preprocessing.class)).isEqualTo(preset);
    }

    @Test
    void a_side_that_patches_do_not_divide_is_told_which_would_fit() {
        assertThat(Preprocessing.dinov2(224).requirePatches(14)).isEqualTo(Preprocessing.dinov2(224));
        assertThatThrownBy(() -> Preprocessing.dinov2(230).requirePatches(14))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a height of 230 pixels")
                .hasMessageContaining("224 or 238 would fit");
        assertThatThrownBy(() -> Preprocessing.dinov2(9).requirePatches(14)).hasMessageContaining("; 14 would fit");
    }

    @Test
    void a_crop_larger_than_what_it_is_cut_from_is_refused() {
        assertThatThrownBy(() -> new Preprocessing("own", 200, 224, 100, Filter.BOX, Normalization.HALF))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("shorter side is 200");
    }

    /** As torchvision: 341 pixels leave 117 beside 224, of which 58 are above; 383 leave 159, 80 above. */
    @Test
    void the_middle_is_rounded_half_to_even() {
        assertThat(Window.centred(341, 383, 224, 224)).isEqualTo(new Window(58, 80, 224, 224));
        assertThat(Window.centred(5, 7, 2, 4)).isEqualTo(new Window(2, 2, 2, 4));
    }

    @Test
    void every_step_of_normalizing_is_rounded_to_a_float() {
        Picture picture = PictureFixtures.waves(5, 7, 3, 9);
        float[] planes = Preprocessing.exact(5, 7, Normalization.IMAGENET).normalize(picture);
        for (int channel = 0; channel < 3; channel++) {
            float mean = Normalization.IMAGENET.mean().get(channel);
            float std = Normalization.IMAGENET.std().get(channel);
            for (int i = 0; i < 35; i++) {
                float unit = picture.level(i / 7, i % 7, channel) / 255f;
                float centred = unit - mean;
                assertThat(planes[channel * 35 + i]).isEqualTo(centred / std);
            }
        }
    }

    @Test
    void a_picture_of_another_size_cannot_be_normalized() {
        assertThatThrownBy(() -> Preprocessing.dinov2(28).normalize(PictureFixtures.waves(28, 27, 3, 1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("28 x 28 x 3, not a picture of 28 x 27 x 3");
    }
}
