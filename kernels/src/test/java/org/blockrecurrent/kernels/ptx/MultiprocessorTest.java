package org.blockrecurrent.kernels.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worked by hand from the published limits; each line has another one of them decide. */
class MultiprocessorTest {
    @ParameterizedTest(name = "{0}: {1} threads, {2} registers, {3} bytes: {4} %")
    @CsvSource({
        // 8 blocks of 8 warps: all 64 warps.
        "SM_80, 256, 32, 0, 100",
        // 10 warps of 48 registers fit a quarter of 16384: 40 warps, 5 blocks.
        "SM_80, 256, 48, 0, 62",
        // 12 of 40 registers, 48 warps, 6 blocks; of 41 registers 10 warps, because they are given in units of 8.
        "SM_80, 256, 40, 0, 75",
        "SM_80, 256, 41, 0, 62",
        // 16 blocks of one warp, 24 of one warp.
        "SM_86, 32, 16, 0, 33",
        "SM_89, 32, 16, 0, 50",
        // 48 KiB and 1 KiB of the system: 3 blocks in 164 KiB, 2 in 100 KiB, 4 in 228 KiB.
        "SM_80, 256, 32, 49152, 37",
        "SM_86, 256, 32, 49152, 33",
        "SM_90, 256, 32, 49152, 50",
        // 1024 threads: one block of 1536.
        "SM_86, 1024, 32, 0, 66",
        // 100 threads are 4 warps of which all count.
        "SM_80, 100, 32, 0, 100",
        // 255 registers: 2 warps in a quarter, 8 in all.
        "SM_90, 256, 255, 0, 12",
        // More than there is.
        "SM_86, 256, 32, 102400, 0",
    })
    void occupancy_follows_from_the_published_limits(
            Multiprocessor multiprocessor, int threads, int registers, int sharedBytes, int percent) {
        assertThat(multiprocessor.occupancy(threads, registers, sharedBytes)).isEqualTo(percent);
    }
}
