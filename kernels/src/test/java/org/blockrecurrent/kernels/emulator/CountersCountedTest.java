package org.blockrecurrent.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels whose cost is known cost what they should, in every order of threads. */
class CountersCountedTest {
    private static final float[] X = new float[4096];

    private EmulatedDevice device;
    private RawCuda cuda;

    @BeforeEach
    void open() {
        device = EmulatedDevice.counted();
        device.reset();
        device.loadKernels("planted");
        cuda = new RawCuda(device);
    }

    @AfterEach
    void close() {
        cuda.close();
        device.reset();
    }

    private KernelCounters count(String kernel, int grid, int block, Object... parameters) {
        device.resetCounters();
        cuda.launch(kernel, grid, block, 0, parameters);
        return device.counters().of(kernel);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reverse", "random seed=3"})
    void neighbouring_floats_are_one_request_of_four_sectors(String order) {
        device.configure("order=" + order);
        KernelCounters c = count("counted_copy", 2, 64, cuda.allocate(128), cuda.upload(X), 0);
        assertThat(c.readRequests()).isEqualTo(4);
        assertThat(c.readBytes()).isEqualTo(512);
        assertThat(c.readSectors()).isEqualTo(16);
        assertThat(c.writeRequests()).isEqualTo(4);
        assertThat(c.writeBytes()).isEqualTo(512);
        assertThat(c.writeSectors()).isEqualTo(16);
        assertThat(c.sectorOverhead()).isEqualTo(1);
        assertThat(c.launches()).isEqualTo(1);
        assertThat(c.blocks()).isEqualTo(2);
        assertThat(c.threads()).isEqualTo(128);
    }

    @Test
    void a_request_that_starts_inside_a_sector_touches_one_more() {
        KernelCounters c = count("counted_copy", 1, 32, cuda.allocate(64), cuda.upload(X), 1);
        assertThat(c.readSectors()).isEqualTo(5);
        assertThat(c.readBytes()).isEqualTo(128);
    }

    @ParameterizedTest
    @CsvSource({"1,4", "2,8", "4,16", "8,32", "9,32"})
    void a_stride_multiplies_the_sectors_up_to_one_a_lane(int stride, int sectors) {
        KernelCounters c = count("counted_stride", 1, 32, cuda.allocate(32), cuda.upload(X), stride);
        assertThat(c.readSectors()).isEqualTo(sectors);
        assertThat(c.readBytes()).isEqualTo(128);
    }

    @Test
    void a_load_of_four_floats_is_one_request_of_sixteen_sectors() {
        KernelCounters c = count("counted_quads", 1, 32, cuda.allocate(128), cuda.upload(X));
        assertThat(c.readRequests()).isEqualTo(1);
        assertThat(c.readBytes()).isEqualTo(512);
        assertThat(c.readSectors()).isEqualTo(16);
    }

    @Test
    void what_all_lanes_read_is_counted_once() {
        KernelCounters c = count("counted_broadcast", 1, 32, cuda.allocate(32), cuda.upload(X));
        assertThat(c.readRequests()).isEqualTo(8);
        assertThat(c.readBytes()).isEqualTo(32);
        assertThat(c.readSectors()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "4,3", "8,7", "16,15", "32,31", "33,0", "3,0"})
    void lanes_that_share_a_bank_wait_for_each_other(int stride, int conflictsOfEach) {
        KernelCounters c = count("counted_banks", 1, 32, cuda.allocate(32), stride);
        assertThat(c.sharedRequests()).isEqualTo(2);
        assertThat(c.sharedConflicts()).isEqualTo(2 * conflictsOfEach);
        assertThat(c.conflictRate()).isEqualTo(conflictsOfEach);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,4", "4,12", "3,0"})
    void quads_are_loaded_by_eight_lanes_at_a_time(int stride, int conflicts) {
        KernelCounters c = count("counted_quad_banks", 1, 32, cuda.allocate(32), stride);
        assertThat(c.sharedRequests()).isEqualTo(5);
        assertThat(c.sharedWavefronts() - c.sharedConflicts()).isEqualTo(5 * 4);
        assertThat(c.sharedConflicts()).isEqualTo(conflicts);
    }

    @Test
    void floating_point_operations_are_those_of_the_source() {
        KernelCounters c = count("counted_operations", 1, 32, cuda.allocate(32), 2f, 3f);
        assertThat(c.operations()).isEqualTo(32 * (2 + 2 + 2));
        assertThat(c.functions()).isEqualTo(32);
    }

    @Test
    void lanes_that_have_left_a_loop_are_not_in_its_requests() {
        KernelCounters c = count("counted_divergent", 1, 32, cuda.allocate(32), cuda.upload(X));
        assertThat(c.readRequests()).isEqualTo(32);
        assertThat(c.readBytes()).isEqualTo(32 * 4);
        assertThat(c.operations()).isEqualTo(32 * 33 / 2);
    }

    @Test
    void barriers_count_for_blocks_collectives_for_warps_atomics_for_threads() {
        KernelCounters c = count("counted_meetings", 1, 64, cuda.allocate(64), cuda.uploadInts(0));
        assertThat(c.barriers()).isEqualTo(2);
        assertThat(c.collectives()).isEqualTo(2);
        assertThat(c.atomics()).isEqualTo(64);
    }

    @Test
    void the_counted_kernel_computes_what_the_plain_one_does() {
        RawCuda.Address out = cuda.allocate(32);
        cuda.launch("counted_operations", 1, 32, 0, out, 2f, 3f);
        float[] values = cuda.download(out, 32);
        for (int i = 0; i < 32; i++) {
            float x = Math.fma(6f + i, 2f, 3f) / 3f - 1f;
            assertThat(values[i])
                    .isCloseTo((float) Math.exp(-x), org.assertj.core.data.Percentage.withPercentage(1e-4));
        }
    }

    @Test
    void calls_of_the_driver_are_counted_by_what_they_do() {
        device.resetCounters();
        RawCuda.Address memory = cuda.upload(1f);
        cuda.synchronize();
        Counters counters = device.counters();
        assertThat(counters.driverAllocations()).isEqualTo(1);
        assertThat(counters.hostSynchronizations()).isEqualTo(2);
        assertThat(counters.launches()).isZero();
        cuda.free(memory);
    }
}
