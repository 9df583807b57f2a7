package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapPoolTest {
    private static final int MEBI_FLOATS = 1 << 18;

    private final HeapPool pool = new HeapPool();

    @Test
    void an_array_that_was_given_back_is_handed_out_again() {
        float[] first = pool.take(1000);
        pool.give(first);
        assertThat(pool.take(1000)).isSameAs(first);
        assertThat(pool.take(1000)).isNotSameAs(first);
        assertThat(pool.freshArrays()).isEqualTo(2);
    }

    @Test
    void live_and_peak_bytes_count_what_is_in_use() {
        float[] a = pool.take(100);
        float[] b = pool.take(50);
        pool.give(a);
        assertThat(pool.liveBytes()).isEqualTo(200);
        assertThat(pool.idleBytes()).isEqualTo(400);
        pool.give(b);
        assertThat(pool.liveBytes()).isZero();
        assertThat(pool.peakBytes()).isEqualTo(600);
    }

    @Test
    void batches_of_ever_other_sizes_do_not_hoard_memory() {
        for (int i = 0; i < 300; i++) {
            pool.give(pool.take(20 * MEBI_FLOATS / 10 + i));
        }
        assertThat(pool.idleBytes()).isLessThan(70L << 20);
    }

    @Test
    void what_was_out_of_use_for_longest_is_dropped_first() {
        float[] often = pool.take(MEBI_FLOATS);
        pool.give(often);
        for (int i = 1; i < 200; i++) {
            pool.give(pool.take(MEBI_FLOATS + i));
            assertThat(pool.take(MEBI_FLOATS)).isSameAs(often);
            pool.give(often);
        }
    }
}
