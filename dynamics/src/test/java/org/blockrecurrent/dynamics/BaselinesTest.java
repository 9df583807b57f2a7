package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private static final int D = 32;
    private final Backend backend = new ReferenceBackend();
    private final TokenLayout layout = new TokenLayout(0, 3);

    @AfterEach
    void close() {
        backend.close();
    }

    private Trajectory wandering(int from, int to) {
        return new Planted(backend, layout, D)
                .trajectory(3, from, to, (layer, image, token) -> Planted.normal(D, "wandering", layer, image, token));
    }

    /** Steps are rounded to floats once and read back: relative error of a few 2⁻²⁴ of the state, whose norm is below 4 steps. */
    @Test
    void a_random_walk_takes_steps_of_the_same_lengths() {
        Trajectory path = wandering(0, 4);
        Trajectory walk = RandomWalk.beside(path, 5, 0);
        assertThat(walk.state(0)).isSameAs(path.state(0));
        for (int layer = 1; layer <= 3; layer++) {
            for (int token = 0; token < 4 * layout.tokens(); token++) {
                double step = step(path, layer, token);
                assertThat(step(walk, layer, token)).isCloseTo(step, within(step * 0x1p-20));
            }
        }
    }

    private static double step(Trajectory path, int layer, int token) {
        return Directions.distance(
                path.state(layer).toArray(), path.state(layer - 1).toArray(), token * D, D);
    }

    @Test
    void a_random_walk_does_not_depend_on_batches() {
        float[] together = RandomWalk.beside(wandering(0, 4), 5, 0).state(3).toArray();
        float[] apart = RandomWalk.beside(wandering(2, 4), 5, 2).state(3).toArray();
        int half = together.length / 2;
        assertThat(java.util.Arrays.copyOfRange(together, half, together.length))
                .isEqualTo(apart);
    }

    /** A map that notes which layers it was asked for. */
    private record Noting(int layers, TokenLayout layout, List<Integer> asked) implements LayerMap {
        @Override
        public Tensor step(Tensor x, int layer, Trace trace) {
            asked.add(layer);
            return x;
        }
    }

    @Test
    void shuffled_layers_are_all_layers_in_another_order_that_the_seed_decides() {
        Noting noting = new Noting(9, layout, new ArrayList<>());
        ShuffledLayers shuffled = new ShuffledLayers(noting, 1);
        Trajectory.of(shuffled, wandering(0, 1).state(0));
        assertThat(noting.asked)
                .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9)
                .isNotEqualTo(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
        List<Integer> first = List.copyOf(noting.asked);
        noting.asked.clear();
        Trajectory.of(new ShuffledLayers(noting, 1), wandering(0, 1).state(0));
        assertThat(noting.asked).isEqualTo(first);
    }
}
