package org.blockrecurrent.raptor.phases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.golden.GoldenFile;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the released notebook's {@code eval_dinov2}, with a zero vector, opposite vectors and a ragged last batch. */
class LayerDissimilarityTest {
    /** The official float run is 5e-8 from double; the fixtures' README asks for 1e-6. */
    private static final double TOLERANCE = 1e-6;

    private static final TokenLayout LAYOUT = new TokenLayout(4, 5);
    private static final int IMAGES = 7;

    private final GoldenFile golden = new GoldenFile("segmentation/similarity");

    static Stream<Backend> backends() {
        return Stream.of(new ReferenceBackend(), VectorBackend.open(2));
    }

    /** Images {@code from} (inclusive) to {@code to}; x₀ is noise of its own, which must not count. */
    private Trajectory batch(Backend backend, int from, int to) {
        int[] dims = golden.shape("activations");
        float[] all = golden.floats("activations");
        int image = dims[2] * dims[3];
        List<Tensor> states = new ArrayList<>();
        states.add(backend.tensor(Shape.of(to - from, dims[2], dims[3]), noise((to - from) * image)));
        for (int layer = 0; layer < dims[0]; layer++) {
            int start = (layer * IMAGES + from) * image;
            float[] values = Arrays.copyOfRange(all, start, start + (to - from) * image);
            states.add(backend.tensor(Shape.of(to - from, dims[2], dims[3]), values));
        }
        return new Trajectory(states, LAYOUT);
    }

    private static float[] noise(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) Math.sin(i * 1.7);
        }
        return values;
    }

    private void assertGolden(String key, DissimilarityMatrix result) {
        double[] want = golden.doubles(key);
        int L = golden.shape("activations")[0];
        assertEquals(L, result.layers());
        for (int i = 0; i < L; i++) {
            for (int j = 0; j < L; j++) {
                assertEquals(
                        want[i * L + j], result.between(i + 1, j + 1), TOLERANCE, key + " " + (i + 1) + ", " + (j + 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void it_equals_the_released_notebook(Backend backend) {
        try (backend) {
            LayerDissimilarity dissimilarity = new LayerDissimilarity();
            dissimilarity.accept(batch(backend, 0, 4));
            assertGolden("official/cosine_distance_first_batch_only", dissimilarity.result());
            dissimilarity.accept(batch(backend, 4, IMAGES));
            assertEquals(IMAGES, dissimilarity.images());
            assertGolden("official/cosine_distance", dissimilarity.result());
            assertGolden("f64/cosine_distance", dissimilarity.result());
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void merged_accumulators_are_as_one(Backend backend) {
        try (backend) {
            LayerDissimilarity first = new LayerDissimilarity();
            LayerDissimilarity second = new LayerDissimilarity();
            first.accept(batch(backend, 0, 4));
            second.accept(batch(backend, 4, IMAGES));
            LayerDissimilarity all = new LayerDissimilarity();
            all.merge(first);
            all.merge(second);
            all.merge(new LayerDissimilarity());
            assertGolden("f64/cosine_distance", all.result());
            assertThrows(InvalidInputException.class, () -> new LayerDissimilarity().result());
            Trajectory shorter = new Trajectory(batch(backend, 0, 4).states().subList(0, 3), LAYOUT);
            assertThrows(InvalidInputException.class, () -> all.accept(shorter));
        }
    }
}
