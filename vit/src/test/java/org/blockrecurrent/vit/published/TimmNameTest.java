package org.blockrecurrent.vit.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.Fixtures;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.junit.jupiter.api.Test;

/** Every name of timm's plain Vision Transformers, against what timm makes of it. */
class TimmNameTest {
    /** Families that are not supported, and a few models that differ in more than their name says. */
    private static final Pattern LEFT_OUT =
            Pattern.compile("(beit3|eva|flexivit)_.*|.*(tipsv2|radio|intern300m|36x1|so150m2|wee|little).*");

    private record Row(String name, String[] values) {
        int number(int column) {
            return Integer.parseInt(values[column]);
        }

        boolean flag(int column) {
            return values[column].equals("1");
        }
    }

    private static List<Row> rows() throws IOException {
        return Files.readAllLines(Fixtures.resource("golden/timm_names.tsv")).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .map(values -> new Row(values[0], values))
                .toList();
    }

    @Test
    void a_name_says_what_timm_makes_of_it() throws IOException {
        int understood = 0;
        for (Row row : rows()) {
            TimmName name = TimmName.of("timm/" + row.name + ".some_tag");
            if (name == null) {
                assertThat(row.name).matches(LEFT_OUT);
                continue;
            }
            understood++;
            assertThat(name.embedDim()).as(row.name).isEqualTo(row.number(1));
            assertThat(name.layers()).as(row.name).isEqualTo(row.number(2));
            assertThat(name.heads()).as(row.name).isEqualTo(row.number(3));
            assertThat(name.normEps()).as(row.name).isEqualTo(Float.parseFloat(row.values[4]));
            assertThat(name.mlp()).as(row.name).isEqualTo(Mlp.Kind.valueOf(row.values[5]));
            assertThat(name.mlp().firstWidth(name.mlpDim())).as(row.name).isEqualTo(row.number(6));
            assertThat(name.globalPool()).as(row.name).isEqualTo(row.values[7]);
            assertThat(name.registers()).as(row.name).isEqualTo(row.number(11));
            assertThat(name.patchSize()).as(row.name).isEqualTo(row.number(15));
        }
        assertThat(understood).isGreaterThan(100);
    }

    @Test
    void the_preset_of_a_name_is_the_model_that_timm_makes() throws IOException {
        int presets = 0;
        for (Row row : rows()) {
            TimmName name = TimmName.of(row.name);
            VitConfig preset = name == null ? null : name.preset();
            if (preset == null) {
                continue;
            }
            presets++;
            assertThat(preset.form().classToken()).as(row.name).isEqualTo(row.flag(9));
            assertThat(preset.form().distillationToken()).as(row.name).isEqualTo(row.flag(10));
            assertThat(preset.form().preNorm()).as(row.name).isEqualTo(row.flag(12));
            assertThat(preset.form().patchBias()).as(row.name).isEqualTo(!row.flag(12));
            assertThat(preset.form().qkvBias()).as(row.name).isEqualTo(row.flag(13));
            assertThat(preset.layerScaleInit() > 0).as(row.name).isEqualTo(row.flag(14));
            assertThat(preset.imageHeight())
                    .as(row.name)
                    .isEqualTo(row.number(16) / preset.patchSize() * preset.patchSize());
            assertThat(preset.positionRows()).as(row.name).isEqualTo(row.number(17));
            assertThat(preset.pooling() == Pooling.NORM_OF_MEAN_PATCH)
                    .as(row.name)
                    .isEqualTo(row.flag(8));
            assertThat(Presets.named(row.name)).isEqualTo(preset);
        }
        assertThat(presets).isGreaterThan(85);
    }

    @Test
    void presets_are_known_by_the_names_of_torch_hub() {
        assertThat(Presets.names()).hasSize(8).contains("dinov2_vitb14_reg");
        assertThat(Presets.named("dinov2_vitb14_reg")).isEqualTo(VitConfig.dinov2Base(4));
        assertThat(Presets.named("dinov2_vitb14_reg4")).isEqualTo(VitConfig.dinov2Base(4));
        assertThat(Presets.named("dinov2_vitg14").mlp()).isEqualTo(Mlp.Kind.SWIGLU);
        assertThatThrownBy(() -> Presets.named("dinov2_vitb16"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("dinov2_vitb14_reg");
    }

    @Test
    void words_that_are_not_understood_make_a_name_unknown() {
        assertThat(TimmName.of("vit_base_patch16_rpn_224")).isNull();
        assertThat(TimmName.of("vit_huge_patch14_xp_224")).isNull();
        assertThat(TimmName.of("resnet50")).isNull();
        assertThat(TimmName.of("vit_base_patch999999999999_224")).isNull();
    }
}
