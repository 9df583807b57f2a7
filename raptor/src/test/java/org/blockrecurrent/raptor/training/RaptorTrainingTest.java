package org.blockrecurrent.raptor.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.blockrecurrent.vit.training.Teacher;
import org.junit.jupiter.api.Test;

class RaptorTrainingTest {
    @Test
    void images_stay_as_they_are_unless_the_training_asks_for_more() {
        try (Backend backend = VectorBackend.open(1)) {
            Teacher trained = TinyTeacher.of(backend, 1);
            Teacher published = new Teacher(trained.model(), trained.normalization(), null);
            RaptorTraining plain = RaptorTraining.smoke();
            RandomResizedCrop crop = RandomResizedCrop.from(0.25f);
            assertThat(plain.augmentation(trained, 5)).isEqualTo(Augmentation.NONE);
            assertThat(plain.withAugment(true).augmentation(trained, 5))
                    .isEqualTo(trained.card().training().augmentation(5));
            assertThat(plain.withAugment(true).augmentation(published, 5))
                    .isEqualTo(new Augmentation(0, true, null, 5));
            assertThat(plain.withSmallestCrop(0.25f).augmentation(published, 5))
                    .isEqualTo(new Augmentation(0, false, crop, 5));
            assertThat(plain.withSmallestCrop(0.25f).withAugment(true).augmentation(published, 5))
                    .isEqualTo(new Augmentation(0, true, crop, 5));
        }
    }

    @Test
    void a_training_written_before_there_were_crops_had_none() {
        String today = Json.text(RaptorTraining.quickStart());
        String before = today.replaceFirst(",\\s*\"smallestCrop\"\\s*:\\s*[0-9.]+", "");
        assertThat(before).isNotEqualTo(today);
        assertThat(Json.parse(before, "a test", RaptorTraining.class)).isEqualTo(RaptorTraining.quickStart());
    }

    @Test
    void a_part_of_no_area_is_refused() {
        assertThatThrownBy(() -> RaptorTraining.smoke().withSmallestCrop(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("smallestCrop");
    }
}
