package org.blockrecurrent.vit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageSetsTest {
    private static final int[] TRAIN = {942, 1027, 1016, 1019, 974, 989, 1021, 1022, 990, 1000};
    private static final int[] TEST = {200, 203, 214, 190, 219, 195, 197, 200, 194, 188};

    @Test
    void the_built_in_set_has_ten_thousand_training_and_two_thousand_test_images() {
        DataSet data = ImageSets.open("builtin");
        assertThat(data.train().count()).isEqualTo(10_000);
        assertThat(data.test().count()).isEqualTo(2_000);
        for (ImageSet set : List.of(data.train(), data.test())) {
            assertThat(set.channels()).isEqualTo(1);
            assertThat(set.height()).isEqualTo(28);
            assertThat(set.width()).isEqualTo(28);
            assertThat(set.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
        }
    }

    /** Counted with Python from the files that the set was made from. */
    @Test
    void its_labels_are_those_of_the_published_files() {
        DataSet data = ImageSets.open("builtin");
        assertThat(histogram(data.train())).containsExactly(TRAIN);
        assertThat(histogram(data.test())).containsExactly(TEST);
        assertThat(data.train().label(0)).isEqualTo(9);
        assertThat(data.test().label(0)).isEqualTo(9);
    }

    @Test
    void its_licence_lies_beside_it() {
        assertThat(ImageSets.class.getResource("fashion-mnist/LICENSE.txt")).isNotNull();
    }

    @Test
    void an_unknown_name_is_answered_with_the_known_ones() {
        assertThatThrownBy(() -> ImageSets.open("imagenet"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'imagenet'")
                .hasMessageContaining("builtin")
                .hasMessageContaining("fashion-mnist:FOLDER");
    }

    @Test
    void a_missing_folder_is_named_with_the_remedy(@TempDir Path folder) {
        Path missing = folder.resolve("nothing");
        assertThatThrownBy(() -> ImageSets.open("fashion-mnist:" + missing))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("--data builtin");
    }

    @Test
    void an_empty_folder_is_told_which_file_it_lacks(@TempDir Path folder) {
        assertThatThrownBy(() -> ImageSets.open("fashion-mnist:" + folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no train-images-idx3-ubyte or train-images-idx3-ubyte.gz in " + folder)
                .hasMessageContaining("--data builtin");
    }

    @Test
    void more_images_than_there_are_cannot_be_asked_for() {
        ImageSet set = Pictures.of(3, 1, 4, 4, 2);
        assertThat(set.first(2).count()).isEqualTo(2);
        assertThatThrownBy(() -> set.first(4))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("3 images");
    }

    private static int[] histogram(ImageSet set) {
        int[] counts = new int[set.classes()];
        for (int image = 0; image < set.count(); image++) {
            counts[set.label(image)]++;
        }
        return counts;
    }
}
