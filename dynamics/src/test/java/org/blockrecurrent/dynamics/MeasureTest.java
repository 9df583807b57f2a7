package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Trajectories whose measures are known on paper. */
class MeasureTest {
    /** States are rounded to floats: a component is off by 2⁻²⁴ of its size, an angle by about that many radians. */
    private static final double FLOAT_STATES = 0x1p-22;

    private static final int[] NO_LABELS = {};
    private static final int D = 24;

    private final Backend backend = new ReferenceBackend();
    private final TokenLayout layout = new TokenLayout(2, 9);
    private final Planted planted = new Planted(backend, layout, D);

    @AfterEach
    void close() {
        backend.close();
    }

    /** Turns in the plane of e₀ and e₁ by 10° a layer, registers by 5°, and grows: lengths must not matter. */
    private double[] turning(int layer, int image, int token) {
        double angle = Math.toRadians((token == 1 || token == 2 ? 5 : 10) * layer + 3 * token);
        double[] x = new double[D];
        x[0] = Math.cos(angle) * (1 + layer + image);
        x[1] = Math.sin(angle) * (1 + layer + image);
        return x;
    }

    @Test
    void speed_is_the_angle_that_each_token_kind_turns() {
        AngularSpeed speed = new AngularSpeed();
        speed.accept(planted.trajectory(4, 0, 3, this::turning), NO_LABELS);
        for (int layer = 0; layer < 4; layer++) {
            assertThat(Planted.value(speed, AngularSpeed.NAME, "", "cls", layer))
                    .isCloseTo(10, within(60 * FLOAT_STATES));
            assertThat(Planted.value(speed, AngularSpeed.NAME, "", "registers", layer))
                    .isCloseTo(5, within(60 * FLOAT_STATES));
            assertThat(Planted.value(speed, AngularSpeed.NAME, "", "patches", layer))
                    .isCloseTo(10, within(60 * FLOAT_STATES));
        }
    }

    @Test
    void convergence_is_the_cosine_to_the_last_direction_and_ends_at_one() {
        DirectionalConvergence convergence = new DirectionalConvergence();
        convergence.accept(planted.trajectory(4, 0, 3, this::turning), NO_LABELS);
        for (int layer = 0; layer <= 4; layer++) {
            double cosine = Math.cos(Math.toRadians(10 * (4 - layer)));
            assertThat(Planted.value(convergence, DirectionalConvergence.NAME, "", "patches", layer))
                    .isCloseTo(cosine, within(FLOAT_STATES));
        }
    }

    @Test
    void identity_map_has_no_speed_full_convergence_and_no_rank() {
        Trajectory start =
                planted.trajectory(0, 0, 2, (layer, image, token) -> Planted.normal(D, "start", image, token));
        Trajectory still = Trajectory.of(new IdentityMap(3, layout), start.state(0));
        AngularSpeed speed = new AngularSpeed();
        DirectionalConvergence convergence = new DirectionalConvergence();
        UpdateRank rank = new UpdateRank();
        for (Measure measure : List.of(speed, convergence, rank)) {
            measure.accept(still, NO_LABELS);
        }
        assertThat(Planted.value(speed, AngularSpeed.NAME, "", "cls", 1)).isZero();
        assertThat(Planted.value(convergence, DirectionalConvergence.NAME, "", "cls", 0))
                .isCloseTo(1, within(1e-14));
        assertThat(Planted.value(rank, UpdateRank.STABLE, "", "cls", 2)).isNaN();
        assertThat(Planted.value(rank, UpdateRank.EFFECTIVE, "", "cls", 2)).isNaN();
    }

    @Test
    void identical_patches_are_fully_coherent_and_opposite_ones_not_at_all() {
        TokenCoherence coherence = new TokenCoherence();
        TokenLayout even = new TokenLayout(0, 8);
        Planted patches = new Planted(backend, even, D);
        coherence.accept(
                patches.trajectory(
                        1,
                        0,
                        2,
                        (layer, image, token) ->
                                Planted.basis(D, 3, layer == 0 || token % 2 == 0 ? 1 + token : -1 - token)),
                NO_LABELS);
        assertThat(Planted.value(coherence, TokenCoherence.NAME, "", "patches", 0))
                .isCloseTo(1, within(1e-14));
        assertThat(Planted.value(coherence, TokenCoherence.PAIRS, "", "patches", 0))
                .isCloseTo(1, within(1e-14));
        assertThat(Planted.value(coherence, TokenCoherence.NAME, "", "patches", 1))
                .isCloseTo(0, within(1e-14));
        assertThat(Planted.value(coherence, TokenCoherence.PAIRS, "", "patches", 1))
                .isCloseTo(-1.0 / 7, within(1e-14));
    }

    /**
     * For n independent random directions E κ² = 1/n, and the mean cosine of two patches is a mean over images and n(n−1)/2
     * uncorrelated pairs of variance 1/D each. Five standard deviations; E κ lies below √(E κ²), by less than its spread.
     */
    @Test
    void random_patches_have_the_coherence_of_chance() {
        int images = 60;
        int n = layout.patches();
        TokenCoherence coherence = new TokenCoherence();
        coherence.accept(
                planted.trajectory(0, 0, images, (layer, image, token) -> Planted.normal(D, "patches", image, token)),
                NO_LABELS);
        double deviation = Math.sqrt(2.0 / (n * (n - 1.0) * D * images));
        assertThat(Planted.value(coherence, TokenCoherence.PAIRS, "", "patches", 0))
                .isCloseTo(0, within(5 * deviation));
        double varianceOfSquare = 2 * (n - 1.0) / (n * (double) n * n * D);
        double kappa = Planted.value(coherence, TokenCoherence.NAME, "", "patches", 0);
        assertThat(kappa).isLessThan(Math.sqrt(1.0 / n + 5 * Math.sqrt(varianceOfSquare / images)));
        assertThat(kappa).isGreaterThan(Math.sqrt(1.0 / n) * (1 - n * n * varianceOfSquare / 8 - 5 * deviation * n));
    }

    @Test
    void a_zero_vector_has_no_direction_and_breaks_nothing() {
        DirectionalConvergence convergence = new DirectionalConvergence();
        convergence.accept(planted.trajectory(2, 0, 1, (layer, image, token) -> new double[D]), NO_LABELS);
        assertThat(Planted.value(convergence, DirectionalConvergence.NAME, "", "cls", 1))
                .isZero();
    }

    @Test
    void a_state_that_is_not_finite_gives_no_number_and_no_error() {
        UpdateRank rank = new UpdateRank();
        AngularSpeed speed = new AngularSpeed();
        Trajectory broken =
                planted.trajectory(1, 0, 1, (layer, image, token) -> Planted.basis(D, 0, layer == 0 ? 1 : Double.NaN));
        rank.accept(broken, NO_LABELS);
        speed.accept(broken, NO_LABELS);
        assertThat(Planted.value(rank, UpdateRank.STABLE, "", "patches", 0)).isNaN();
        assertThat(Planted.value(speed, AngularSpeed.NAME, "", "patches", 0)).isNaN();
    }
}
