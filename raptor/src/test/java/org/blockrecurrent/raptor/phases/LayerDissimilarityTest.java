package org.blockrecurrent.raptor.phases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the golden values, which verify recomputes, do not show. */
class LayerDissimilarityTest {
    private static final TokenLayout LAYOUT = new TokenLayout(4, 5);
    private static final int LAYERS = 6;
    /** Means of seven numbers up to 2, summed in another order. */
    private static final double SUM_ROUNDING = 1e-14;

    private static final int D = 16;

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    /** Images {@code from} (inclusive) to {@code to} of a set; the embedding is noise that depends on {@code embedding}. */
    private Trajectory images(int from, int to, int layers, String embedding) {
        List<Tensor> states = new ArrayList<>();
        int image = LAYOUT.tokens() * D;
        for (int layer = 0; layer <= layers; layer++) {
            Philox random = Philox.stream(layer, layer == 0 ? embedding : "state");
            float[] values = new float[(to - from) * image];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.normal((long) from * image + i);
            }
            states.add(backend.tensor(Shape.of(to - from, LAYOUT.tokens(), D), values));
        }
        return new Trajectory(states, LAYOUT);
    }

    private static LayerDissimilarity of(Trajectory... batches) {
        LayerDissimilarity dissimilarity = new LayerDissimilarity();
        for (Trajectory batch : batches) {
            dissimilarity.accept(batch);
        }
        return dissimilarity;
    }

    @Test
    void merged_accumulators_are_as_one() {
        LayerDissimilarity all = new LayerDissimilarity();
        all.merge(of(images(0, 4, LAYERS, "x")));
        all.merge(of(images(4, 7, LAYERS, "x")));
        all.merge(new LayerDissimilarity());
        LayerDissimilarity one = of(images(0, 4, LAYERS, "x"), images(4, 7, LAYERS, "x"));
        assertThat(all.images()).isEqualTo(7);
        for (int i = 1; i <= LAYERS; i++) {
            for (int j = 1; j <= LAYERS; j++) {
                assertThat(all.result().between(i, j)).isCloseTo(one.result().between(i, j), within(SUM_ROUNDING));
            }
        }
    }

    @Test
    void the_embedding_does_not_count() {
        DissimilarityMatrix matrix = of(images(0, 4, LAYERS, "x")).result();
        assertThat(matrix.layers()).isEqualTo(LAYERS);
        assertThat(of(images(0, 4, LAYERS, "y")).result().toArray()).isDeepEqualTo(matrix.toArray());
    }

    @Test
    void no_image_and_another_depth_are_refused() {
        assertThatThrownBy(() -> new LayerDissimilarity().result()).isInstanceOf(InvalidInputException.class);
        LayerDissimilarity begun = of(images(0, 2, LAYERS, "x"));
        assertThatThrownBy(() -> begun.accept(images(0, 2, LAYERS - 1, "x"))).isInstanceOf(InvalidInputException.class);
    }
}
