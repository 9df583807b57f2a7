package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.BinaryOperator;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerturbationResponseTest {
    /** States, noise and their sum are floats: a distance of size ε is off by a few 2⁻²⁴ / ε of itself; here ε ≥ 0.1. */
    private static final double FLOAT_STATES = 0x1p-18;

    private static final int[] NO_LABELS = {};
    private static final int D = 16;
    private static final int LAYERS = 4;
    private static final String PUSH = "from=1;epsilon=0.1";

    private final Backend backend = new ReferenceBackend();
    private final TokenLayout layout = new TokenLayout(1, 3);
    private final Planted planted = new Planted(backend, layout, D);

    @AfterEach
    void close() {
        backend.close();
    }

    /** x ← f(x, x₀), the same at every layer. */
    private record Simple(TokenLayout layout, Tensor x0, BinaryOperator<Tensor> f) implements LayerMap {
        @Override
        public int layers() {
            return LAYERS;
        }

        @Override
        public Tensor step(Tensor x, int layer, Trace trace) {
            return f.apply(x, x0);
        }
    }

    private PerturbationResponse respond(BinaryOperator<Tensor> f) {
        Tensor x0 = planted.trajectory(0, 0, 5, (layer, image, token) -> Planted.normal(D, "x0", image, token))
                .state(0);
        Simple map = new Simple(layout, x0, f);
        PerturbationResponse response = new PerturbationResponse(
                        map, new PerturbationResponse.Settings(List.of(0.1), List.of(1), 3, 5))
                .readBy(x -> x.tokens(0, 1).reshape(5, D));
        response.accept(Trajectory.of(map, x0), NO_LABELS);
        return response;
    }

    private static double value(PerturbationResponse response, String measure, int layer) {
        return Planted.value(response, measure, PUSH, "patches", layer);
    }

    @Test
    void the_push_has_the_relative_length_that_was_asked_for() {
        PerturbationResponse still = respond((x, x0) -> x);
        assertThat(value(still, PerturbationResponse.DISTANCE, 1)).isCloseTo(0.1, within(FLOAT_STATES));
        assertThat(value(still, PerturbationResponse.DISTANCE, 4)).isCloseTo(0.1, within(FLOAT_STATES));
        assertThat(value(still, PerturbationResponse.DISTANCE, 0))
                .as("nothing is known before the push")
                .isNaN();
        double tangent = Math.toDegrees(Math.asin(0.1)); // the largest angle that a push of this length can make
        assertThat(value(still, PerturbationResponse.ANGLE, 1)).isPositive().isLessThan(tangent);
    }

    @Test
    void a_map_that_does_nothing_responds_as_the_push_carried_unchanged() {
        PerturbationResponse still = respond((x, x0) -> x);
        for (int layer = 1; layer <= LAYERS; layer++) {
            assertThat(value(still, PerturbationResponse.ANGLE, layer))
                    .isEqualTo(value(still, PerturbationResponse.CARRIED_ANGLE, layer));
            assertThat(value(still, PerturbationResponse.DISTANCE, layer))
                    .isEqualTo(value(still, PerturbationResponse.CARRIED_DISTANCE, layer));
        }
    }

    /** x ← x/2 + x₀/2 keeps x₀ and halves every push. */
    @Test
    void a_contraction_halves_the_distance_at_every_layer() {
        PerturbationResponse contraction = respond((x, x0) -> x.scale(0.5f).add(x0.scale(0.5f)));
        for (int layer = 1; layer <= LAYERS; layer++) {
            double expected = 0.1 * Math.pow(0.5, layer - 1);
            assertThat(value(contraction, PerturbationResponse.DISTANCE, layer))
                    .isCloseTo(expected, within(FLOAT_STATES));
            assertThat(value(contraction, PerturbationResponse.CARRIED_DISTANCE, layer))
                    .isCloseTo(0.1, within(FLOAT_STATES));
        }
    }

    /** x ← x + x₀ grows the norm and keeps the push: the angle shrinks, but not below that of the push carried along. */
    @Test
    void growth_of_the_norm_alone_is_no_correction() {
        PerturbationResponse growth = respond(Tensor::add);
        assertThat(value(growth, PerturbationResponse.ANGLE, LAYERS))
                .isLessThan(value(growth, PerturbationResponse.ANGLE, 1) / 2);
        assertThat(value(growth, PerturbationResponse.ANGLE, LAYERS))
                .isCloseTo(value(growth, PerturbationResponse.CARRIED_ANGLE, LAYERS), within(60 * FLOAT_STATES));
    }

    @Test
    void flips_are_counted_where_the_readout_changes_its_mind() {
        PerturbationResponse toZero = respond((x, x0) -> x0);
        assertThat(Planted.value(toZero, PerturbationResponse.FLIPS, PUSH, "all", LAYERS))
                .isZero();
        PerturbationResponse away = respond((x, x0) -> x.scale(-8f).add(x0.scale(9f)));
        assertThat(Planted.value(away, PerturbationResponse.FLIPS, PUSH, "all", LAYERS))
                .isPositive();
    }

    @Test
    void what_was_allocated_for_the_push_is_released() {
        PerturbationResponse.Settings settings = PerturbationResponse.Settings.standard(LAYERS, 1);
        Tensor x0 = planted.trajectory(0, 0, 5, (layer, image, token) -> Planted.normal(D, "x0", image, token))
                .state(0);
        Simple map = new Simple(layout, x0, (x, start) -> x.scale(1.5f));
        try (var scope = backend.openScope()) {
            Trajectory clean = Trajectory.of(map, x0);
            int before = scope.liveStorages();
            new PerturbationResponse(map, settings).accept(clean, NO_LABELS);
            assertThat(scope.liveStorages()).isEqualTo(before);
        }
    }

    @Test
    void a_layer_that_does_not_exist_is_refused() {
        IdentityMap map = new IdentityMap(4, layout);
        PerturbationResponse.Settings beyond = new PerturbationResponse.Settings(List.of(0.1), List.of(4), 1, 8);
        assertThatThrownBy(() -> new PerturbationResponse(map, beyond))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 4");
    }
}
