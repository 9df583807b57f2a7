package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** The check of the start-up, by a clock of its own: what it decides does not depend on this machine. */
class KernelCheckTest {
    private static final long PATIENCE_MILLIS = 30_000;
    private static final double FAST = 60;
    private static final double INTERPRETED = 0.5;

    private final Lanes lanes = new ScalarLanes();

    @Test
    void a_kernel_that_is_fast_at_once_is_measured_a_few_times() {
        Clock clock = new Clock(burst -> FAST);
        KernelCheck check = KernelCheck.measure(lanes, PATIENCE_MILLIS, clock);
        assertThat(check.isSlow()).isFalse();
        assertThat(clock.bursts()).isEqualTo(4);
    }

    @Test
    void a_kernel_that_gets_fast_late_is_waited_for() {
        Clock clock = new Clock(burst -> burst < 20 ? INTERPRETED : burst < 25 ? FAST / 2 : FAST);
        KernelCheck check = KernelCheck.measure(lanes, PATIENCE_MILLIS, clock);
        assertThat(check.isSlow()).isFalse();
        assertThat(check.gigaflops()).isGreaterThan(INTERPRETED * 50);
        assertThat(clock.bursts()).isBetween(22, 29);
    }

    @Test
    void a_kernel_that_stays_slow_is_given_up_when_patience_ends() {
        KernelCheck check = KernelCheck.measure(lanes, 1000, new Clock(burst -> INTERPRETED));
        assertThat(check.isSlow()).isTrue();
        assertThat(check.millis()).isBetween(1000L, 1100L);
    }

    @Test
    void without_patience_it_is_measured_once() {
        Clock clock = new Clock(burst -> INTERPRETED);
        assertThat(KernelCheck.measure(lanes, 0, clock).isSlow()).isTrue();
        assertThat(clock.bursts()).isEqualTo(1);
    }

    /** Seen: vectors of 16 floats at 5.4 GFLOP/s, where the compiler had not recognised what it stored. */
    @Test
    void what_is_fast_for_narrow_vectors_may_be_slow_for_wide_ones() {
        assertThat(KernelCheck.of(5.4, 8, 1).isSlow()).isFalse();
        assertThat(KernelCheck.of(5.4, 32, 1).isSlow()).isTrue();
    }

    @Test
    void plain_loops_take_the_place_of_a_slow_kernel() {
        LaneSelection selection = LaneSelection.of(new KernelCheck(INTERPRETED, PATIENCE_MILLIS, true));
        assertThat(selection.lanes()).isInstanceOf(ScalarLanes.class);
        assertThat(selection.isSlow()).isTrue();
        assertThat(selection.reason()).contains("not compiled");
    }

    @Test
    void a_fast_kernel_stays() {
        LaneSelection selection = LaneSelection.of(new KernelCheck(FAST, 1, false));
        assertThat(selection.lanes()).isInstanceOf(SimdLanes.class);
        assertThat(selection.isVectorised()).isTrue();
    }

    /** Moves at every second look, by what a burst of 1.6 MFLOP takes at the rate that it is given. */
    private static final class Clock implements LongSupplier {
        private static final double BURST_FLOP = 1.6e6;
        private final IntToDoubleFunction gigaflopsOfBurst;
        private long nanos;
        private int looks;

        Clock(IntToDoubleFunction gigaflopsOfBurst) {
            this.gigaflopsOfBurst = gigaflopsOfBurst;
        }

        /** The looks are: the start, then begin and end and patience of every burst, then the end. */
        @Override
        public long getAsLong() {
            int look = looks++;
            if (look % 3 == 2) {
                nanos += (long) (BURST_FLOP / gigaflopsOfBurst.applyAsDouble(look / 3));
            }
            return nanos;
        }

        int bursts() {
            return looks / 3;
        }
    }
}
