package org.blockrecurrent.vit.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublishedModelsTest {
    private final PublishedModels models = PublishedModels.load();

    @Test
    void every_name_and_every_place_belongs_to_one_model() {
        Set<String> seen = new HashSet<>();
        for (PublishedModel model : models.all()) {
            assertThat(seen.add(model.name())).as(model.name()).isTrue();
            assertThat(model.sources()).as(model.name()).isNotEmpty();
            model.sources()
                    .forEach(source -> assertThat(seen.add(source.toString())).isTrue());
        }
    }

    /** By the hubconf of facebookresearch/dinov2 and the cards of the repositories. */
    @Test
    void every_size_of_dinov2_is_there_with_and_without_registers() {
        String[] letters = {"s", "b", "l", "g"};
        String[] words = {"small", "base", "large", "giant"};
        for (int i = 0; i < letters.length; i++) {
            requireDinov2(letters[i], words[i], "", "", "");
            requireDinov2(letters[i], words[i], "_reg", "_reg4", "with-registers-");
        }
    }

    private void requireDinov2(String letter, String word, String inName, String inFile, String inRepository) {
        PublishedModel model =
                models.find("dinov2_vit" + letter + "14" + inName).orElseThrow();
        String files =
                "https://dl.fbaipublicfiles.com/dinov2/dinov2_vit" + letter + "14/dinov2_vit" + letter + "14" + inFile;
        assertThat(model.torchHub()).hasToString(files + "_pretrain.pth");
        assertThat(model.linearHead()).hasToString(files + "_linear_head.pth");
        assertThat(model.linear4Head()).hasToString(files + "_linear4_head.pth");
        assertThat(model.huggingFace()).isEqualTo("facebook/dinov2-" + inRepository + word);
        assertThat(model.classifier()).isEqualTo("facebook/dinov2-" + inRepository + word + "-imagenet1k-1-layer");
        assertThat(model.timm()).isEqualTo("timm/vit_" + word + "_patch14" + inFile + "_dinov2.lvd142m");
    }

    @Test
    void a_model_is_found_by_each_of_its_names() {
        for (String name : new String[] {
            "dinov2_vitb14_reg",
            "facebook/dinov2-with-registers-base",
            "timm/vit_base_patch14_reg4_dinov2.lvd142m",
            "vit_base_patch14_reg4_dinov2.lvd142m"
        }) {
            assertThat(models.find(name)).as(name).map(PublishedModel::name).contains("dinov2_vitb14_reg");
        }
        assertThat(models.find("dinov2_vitb14_regs")).isEmpty();
    }

    @Test
    void a_models_own_name_means_everywhere_and_a_repositorys_name_that_repository() {
        assertThat(models.sources("dinov2_vits14")).hasSize(3).first().isInstanceOf(ModelSource.HubFile.class);
        assertThat(models.sources("facebook/dinov2-small"))
                .isEqualTo(List.of(new ModelSource.Repository("facebook/dinov2-small")));
        assertThat(models.sources("vit_small_patch14_dinov2.lvd142m"))
                .isEqualTo(List.of(new ModelSource.Repository("timm/vit_small_patch14_dinov2.lvd142m")));
        assertThat(models.sources("somebody/something"))
                .isEqualTo(List.of(new ModelSource.Repository("somebody/something")));
        for (String none : new String[] {"nothing", "", "../x", "a/b/c", "/a", "a/..", "a--b/c"}) {
            assertThat(models.sources(none)).as(none).isEmpty();
        }
    }
}
