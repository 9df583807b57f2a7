package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.junit.jupiter.api.Test;

class VitConfigTest {
    @Test
    void a_configuration_survives_json_and_one_from_before_there_were_forms_is_plain() {
        VitConfig giant = VitConfig.dinov2Giant(4);
        assertThat(Json.parse(Json.text(giant), "here", VitConfig.class)).isEqualTo(giant);
        VitConfig plain = VitConfig.quickStart();
        String old = Json.text(plain).replaceAll("(?s),\\s*\"form\": \\{.*\\}\\s*\\}\\s*$", "}");
        assertThat(old).doesNotContain("form").contains("pooling");
        assertThat(Json.parse(old, "old file", VitConfig.class)).isEqualTo(plain);
    }

    @Test
    void a_side_that_is_no_multiple_of_the_patch_is_refused_with_those_that_would_fit() {
        assertThatThrownBy(() -> VitConfig.dinov2Small(0).withImage(225, 224))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("225 x 224")
                .hasMessageContaining("height 224 or 238 would fit")
                .hasMessageNotContaining("width");
        assertThatThrownBy(() -> VitConfig.dinov2Small(0).withImage(10, 300))
                .hasMessageContaining("height 14 would fit")
                .hasMessageContaining("width 294 or 308 would fit");
    }

    @Test
    void tokens_and_pooling_must_agree() {
        VitConfig base = VitConfig.dinov2Base(0);
        assertThatThrownBy(() -> base.withForm(VitForm.siglip()).withHead(0, Pooling.CLS))
                .hasMessageContaining("needs a class token");
        assertThatThrownBy(() -> base.withHead(10, Pooling.CLS_AND_DISTILLATION))
                .hasMessageContaining("distillation token");
        assertThatThrownBy(() -> base.withForm(
                        new VitForm(true, false, false, 3, PositionRule.BICUBIC, true, false, true, true)))
                .hasMessageContaining("positions");
    }

    @Test
    void the_published_sizes_have_their_published_numbers_of_parameters() {
        assertThat(parameters(VitConfig.dinov2Small(0))).isEqualTo(22_056_576);
        assertThat(parameters(VitConfig.dinov2Base(0))).isEqualTo(86_580_480);
        assertThat(parameters(VitConfig.dinov2Large(0))).isEqualTo(304_368_640);
        assertThat(parameters(VitConfig.dinov2Giant(0))).isEqualTo(1_136_480_768);
        assertThat(parameters(VitConfig.dinov2Base(4))).isEqualTo(86_580_480 + 4 * 768);
    }

    /** Counted from the configuration alone. */
    private static long parameters(VitConfig c) {
        long D = c.embedDim();
        long F = c.mlpDim();
        long block = 3 * D * D + 3 * D + D * D + D + 4 * D + 2 * D + F * D + D;
        block += c.mlp().firstWidth(c.mlpDim()) * (D + 1);
        long patch = (long) c.channels() * c.patchSize() * c.patchSize() * D + D;
        return c.layers() * block + patch + 2 * D + D * (2L + c.positionRows() + c.registers());
    }
}
