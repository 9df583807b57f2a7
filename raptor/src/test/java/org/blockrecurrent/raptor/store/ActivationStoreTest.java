package org.blockrecurrent.raptor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.raptor.store.zarr.GoldenStores;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The store that the official settings made: 8 images, 12 layers, 6 tokens, 8 channels. */
class ActivationStoreTest {
    private static final Path OFFICIAL = GoldenStores.folder("official.zarr");

    private static VisionTransformer teacher(Backend backend, int layers, int side, int registers, int width) {
        VitConfig config = new VitConfig(
                1, side, side, 1, width, layers, 2, 8, Mlp.Kind.GELU, registers, 1, 1e-6f, 0, 0, VitConfig.Pooling.CLS);
        return new VisionTransformer(config, ParameterSource.fresh(backend, 0).frozen());
    }

    @Test
    void a_store_of_the_official_code_has_no_card_and_goes_by_its_folder() {
        ActivationStore store = ActivationStore.open(OFFICIAL);
        assertThat(store.card()).isNull();
        assertThat(store.name()).isEqualTo("activations official.zarr");
        try (Backend backend = new ReferenceBackend()) {
            store.requireFits(teacher(backend, 12, 2, 1, 8));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "11 | 2 | 1 | 8 | states of 12 layers, the teacher has 11",
                "12 | 2 | 0 | 8 | 6 tokens an image, the teacher has 5 (1 cls, 0 registers, 4 patches)",
                "12 | 2 | 1 | 16 | tokens of width 8, the teacher's have 16",
            })
    void a_teacher_of_another_shape_is_refused(int layers, int side, int registers, int width, String message) {
        try (Backend backend = new ReferenceBackend()) {
            VisionTransformer teacher = teacher(backend, layers, side, registers, width);
            assertThatThrownBy(() -> ActivationStore.open(OFFICIAL).requireFits(teacher))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(OFFICIAL.toString())
                    .hasMessageContaining(message);
        }
    }
}
