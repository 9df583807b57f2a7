package org.blockrecurrent.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernels without a bug run as CUDA runs them, in every order. */
class EmulatedDevicePlainTest {
    private EmulatedDevice device;
    private RawCuda cuda;

    @BeforeEach
    void open() {
        device = EmulatedDevice.plain();
        device.reset();
        device.loadKernels("planted");
        cuda = new RawCuda(device);
    }

    @AfterEach
    void close() {
        cuda.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reverse", "random"})
    void a_kernel_runs_all_threads_of_all_blocks(String order) {
        device.configure("order=" + order);
        int n = 100_003;
        float[] a = values(n, 1f);
        float[] b = values(n, -2.5f);
        RawCuda.Address c = cuda.allocate(n);
        cuda.launch("clean_add", (n + 255) / 256, 256, 0, c, cuda.upload(a), cuda.upload(b), n);
        float[] sum = cuda.download(c, n);
        for (int i = 0; i < n; i++) {
            assertThat(sum[i]).isEqualTo(a[i] + b[i]);
        }
        assertThat(device.report()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"forward", "reverse", "random seed=5", "random seed=6"})
    void barriers_and_shuffles_give_the_same_bits_in_every_order(String order) {
        device.configure("order=" + order);
        int n = 5000;
        float[] x = values(n, 0.5f);
        RawCuda.Address out = cuda.allocate(8);
        cuda.launch("clean_sum", 8, 96, 0, out, cuda.upload(x), n);
        double expected = 0;
        for (float value : x) {
            expected += value;
        }
        float sum = 0;
        for (float value : cuda.download(out, 8)) {
            sum += value;
        }
        assertThat(sum).isEqualTo((float) expected);
    }

    @Test
    void dynamic_shared_memory_is_as_large_as_the_launch_says() {
        float[] x = values(512, 1f);
        RawCuda.Address out = cuda.allocate(512);
        cuda.launch("clean_reverse", 2, 256, 1024, out, cuda.upload(x));
        float[] reversed = cuda.download(out, 512);
        for (int i = 0; i < 512; i++) {
            assertThat(reversed[i]).isEqualTo(x[i / 256 * 256 + 255 - i % 256]);
        }
    }

    @Test
    void memory_that_nobody_has_written_is_poisoned() {
        float[] fresh = cuda.download(cuda.allocate(1000), 1000);
        for (float value : fresh) {
            assertThat(value).isNaN();
        }
    }

    /** Small multiples of a power of two: sums are exact in any order. */
    private static float[] values(int n, float step) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (i % 17 - 8) * step;
        }
        return values;
    }
}
