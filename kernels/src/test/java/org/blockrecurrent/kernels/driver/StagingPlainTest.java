package org.blockrecurrent.kernels.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagingPlainTest extends OnEmulatedDevice {
    private static final int WORDS = STAGING_BYTES / Float.BYTES;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, WORDS - 1, WORDS, WORDS + 1, 2 * WORDS, 3 * WORDS + 7, 100_003})
    void values_of_any_number_come_back_as_they_were_written(int count) {
        device.configure("deferred=on");
        try (CudaLauncher cuda = open()) {
            CudaStorage storage = written(cuda, numbers(count));
            assertThat(read(cuda, storage)).isEqualTo(numbers(count));
            double[] widened = new double[count];
            cuda.read(storage, widened);
            assertThat(Arrays.stream(widened).sum()).isEqualTo(count * (count - 1.0) / 2);
        }
    }

    /** With deferred=on the device copies nothing before it must. */
    @Test
    void an_array_may_be_changed_as_soon_as_it_is_written() {
        device.configure("deferred=on");
        try (CudaLauncher cuda = open()) {
            float[] values = numbers(10 * WORDS);
            CudaStorage storage = written(cuda, values);
            Arrays.fill(values, -1);
            assertThat(read(cuda, storage)).isEqualTo(numbers(10 * WORDS));
        }
    }

    @Test
    void small_writes_wait_for_nothing_until_the_buffers_have_gone_round() {
        device.configure("deferred=on");
        try (CudaLauncher cuda = open()) {
            CudaStorage storage = cuda.allocate(Shape.of(8));
            device.resetCalls();
            int smallWritesOfBothBuffers = 2 * STAGING_BYTES / 256;
            for (int i = 0; i < smallWritesOfBothBuffers; i++) {
                cuda.write(storage, new float[] {i, 1, 2, 3, 4, 5, 6, 7});
            }
            assertThat(calls("cuEventSynchronize") + calls("cuStreamSynchronize"))
                    .isZero();
            cuda.write(storage, new float[] {-1, 1, 2, 3, 4, 5, 6, 7});
            assertThat(calls("cuEventSynchronize")).isEqualTo(1);
            assertThat(read(cuda, storage)).startsWith(-1, 1);
        }
    }

    @Test
    void the_bits_of_a_nan_survive() {
        try (CudaLauncher cuda = open()) {
            int[] bits = {0x7FC12345, 0xFFFFFFFF, 0x7F800001, 0x80000000, 0x00000001};
            float[] values = new float[bits.length];
            for (int i = 0; i < bits.length; i++) {
                values[i] = Float.intBitsToFloat(bits[i]);
            }
            CudaStorage storage = written(cuda, values);
            CudaStorage copy = cuda.allocate(Shape.of(bits.length));
            cuda.copy(copy, storage);
            float[] back = read(cuda, copy);
            for (int i = 0; i < bits.length; i++) {
                assertThat(Float.floatToRawIntBits(back[i])).isEqualTo(bits[i]);
            }
            cuda.fill(copy, Float.intBitsToFloat(0x7FC12345));
            assertThat(Float.floatToRawIntBits(read(cuda, copy)[2])).isEqualTo(0x7FC12345);
        }
    }

    @Test
    void a_tensor_without_elements_is_written_filled_copied_and_read() {
        try (CudaLauncher cuda = open()) {
            CudaStorage empty = cuda.allocate(Shape.of(0, 3));
            device.resetCalls();
            cuda.write(empty, new float[0]);
            cuda.fill(empty, 1);
            cuda.copy(empty, cuda.allocate(Shape.of(3, 0)));
            assertThat(read(cuda, empty)).isEmpty();
            assertThat(empty.address()).isZero();
            assertThat(device.calls().keySet()).noneMatch(name -> name.startsWith("cuMem"));
        }
    }

    @Test
    void every_write_counts_as_a_new_version() {
        try (CudaLauncher cuda = open()) {
            CudaStorage storage = written(cuda, 1, 2);
            CudaStorage other = written(cuda, 3, 4);
            int before = storage.version();
            cuda.fill(storage, 0);
            cuda.copy(storage, other);
            assertThat(storage.version()).isEqualTo(before + 2);
        }
    }

    @Test
    void a_table_reaches_the_device() {
        try (CudaLauncher cuda = open();
                Scratch ints = cuda.table(7, -1, 3);
                Scratch floats = cuda.table(0.5f, -2)) {
            assertThat(ints.address() % MemoryPool.ALIGNMENT).isZero();
            assertThat(floats.address()).isNotEqualTo(ints.address());
            assertThatThrownBy(() -> cuda.table(new int[4097])).hasMessageContaining("4096");
        }
    }

    @Test
    void wrong_sizes_and_storages_of_another_device_are_refused() {
        try (CudaLauncher cuda = open();
                CudaLauncher other = open()) {
            CudaStorage storage = written(cuda, 1, 2);
            assertThatThrownBy(() -> cuda.write(storage, new float[3])).hasMessageContainingAll("2", "got 3");
            assertThatThrownBy(() -> cuda.read(storage, new float[1])).hasMessageContainingAll("2", "got 1");
            assertThatThrownBy(() -> cuda.copy(storage, cuda.allocate(Shape.of(4))))
                    .hasMessageContaining("got 4");
            assertThatThrownBy(() -> other.fill(storage, 0)).hasMessageContaining("another backend");
        }
    }
}
