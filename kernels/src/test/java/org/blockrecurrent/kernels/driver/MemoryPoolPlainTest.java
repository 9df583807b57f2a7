package org.blockrecurrent.kernels.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.Test;

class MemoryPoolPlainTest extends OnEmulatedDevice {
    private static final int MEBI_FLOATS = 1 << 18;

    @Test
    void a_block_that_is_given_back_is_handed_out_again() {
        try (CudaLauncher cuda = open()) {
            MemoryPool pool = cuda.pool();
            DeviceBlock first = pool.take(Shape.of(100));
            long address = first.address();
            pool.give(first);
            assertThat(pool.take(Shape.of(10, 10)).address()).isEqualTo(address);
            assertThat(pool.take(Shape.of(100)).address()).isNotEqualTo(address);
            assertThat(pool.freshBlocks()).isEqualTo(2);
        }
    }

    @Test
    void every_block_is_aligned_and_holds_whole_multiples_of_the_alignment() {
        try (CudaLauncher cuda = open()) {
            for (int floats : new int[] {1, 63, 64, 65, 1000}) {
                DeviceBlock block = cuda.pool().take(Shape.of(floats));
                assertThat(block.address() % MemoryPool.ALIGNMENT).isZero();
                assertThat(block.bytes()).isBetween(4L * floats, 4L * floats + 255);
                assertThat(block.bytes() % MemoryPool.ALIGNMENT).isZero();
            }
        }
    }

    @Test
    void the_peak_is_what_was_in_use_at_one_time() {
        try (CudaLauncher cuda = open()) {
            MemoryPool pool = cuda.pool();
            DeviceBlock first = pool.take(Shape.of(64));
            DeviceBlock second = pool.take(Shape.of(128));
            pool.give(first);
            pool.give(second);
            pool.take(Shape.of(64));
            assertThat(pool.peakBytes()).isEqualTo(4 * (64 + 128));
            assertThat(pool.liveBytes()).isEqualTo(4 * 64);
            assertThat(pool.idleBytes()).isEqualTo(4 * 128);
        }
    }

    @Test
    void changing_sizes_do_not_hoard_without_bound() {
        try (CudaLauncher cuda = open()) {
            MemoryPool pool = cuda.pool();
            for (int size = 0; size < 200; size++) {
                pool.give(pool.take(Shape.of(MEBI_FLOATS + 64 * size)));
            }
            assertThat(pool.idleBytes()).isLessThanOrEqualTo((64L << 20) + pool.peakBytes());
            assertThat(calls("cuMemFree_v2")).isGreaterThan(100);
        }
    }

    @Test
    void idle_blocks_make_room_before_memory_is_called_exhausted() {
        device.configure("memory=8m");
        try (CudaLauncher cuda = open()) {
            MemoryPool pool = cuda.pool();
            pool.give(pool.take(Shape.of(5 * MEBI_FLOATS)));
            DeviceBlock large = pool.take(Shape.of(6 * MEBI_FLOATS));
            assertThat(large.bytes()).isEqualTo(6L << 20);
            assertThat(pool.idleBytes()).isZero();
        }
    }

    @Test
    void exhausted_memory_is_reported_and_leaves_all_as_it_was() {
        device.configure("memory=8m");
        try (CudaLauncher cuda = open()) {
            CudaStorage held = cuda.allocate(Shape.of(4, MEBI_FLOATS));
            cuda.fill(held, 3);
            long live = cuda.pool().liveBytes();
            assertThatThrownBy(() -> cuda.allocate(Shape.of(4, 6, MEBI_FLOATS)))
                    .isInstanceOf(OutOfDeviceMemoryException.class)
                    .hasMessageContainingAll("(4, 6, " + MEBI_FLOATS + ") of 24.0 MiB", "of 8.0 MiB are free")
                    .hasMessageContainingAll("(4, " + MEBI_FLOATS + ") (4.0 MiB)", "from 4 to at most 1");
            assertThat(cuda.pool().liveBytes()).isEqualTo(live);
            assertThat(cuda.pool().peakBytes()).isEqualTo(live);
            assertThat(read(cuda, held)).containsOnly(3);
            assertThat(written(cuda, 1, 2).address()).isNotZero();
        }
    }

    @Test
    void closing_frees_whatever_was_allocated() {
        try (CudaLauncher cuda = open()) {
            written(cuda, numbers(1000));
            cuda.scratch(77).close();
            cuda.table(1, 2, 3).close();
        }
        assertThat(calls("cuMemAlloc_v2")).isPositive().isEqualTo(calls("cuMemFree_v2"));
        assertThat(calls("cuMemHostAlloc")).isPositive().isEqualTo(calls("cuMemFreeHost"));
        assertThat(calls("cuEventCreate")).isPositive().isEqualTo(calls("cuEventDestroy_v2"));
        assertThat(calls("cuStreamDestroy_v2")).isEqualTo(1);
        assertThat(device.report()).isEmpty();
    }

    @Test
    void scratch_memory_cannot_be_used_after_it_was_closed() {
        try (CudaLauncher cuda = open()) {
            Scratch scratch = cuda.scratch(8);
            scratch.close();
            scratch.close();
            assertThat(cuda.pool().liveBytes()).isZero();
            assertThatThrownBy(scratch::address).isInstanceOf(IllegalStateException.class);
        }
    }
}
