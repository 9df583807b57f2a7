package org.blockrecurrent.kernels.driver;

import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of the driver layer on the emulated device; each starts with a driver that nobody has used. */
abstract class OnEmulatedDevice {
    /** Small, so that few floats go round the staging buffers. */
    static final int STAGING_BYTES = 4096;

    EmulatedDevice device;

    @BeforeEach
    void freshDevice() {
        device = EmulatedDevice.plain();
        device.reset();
    }

    @AfterEach
    void forgetTheDevice() {
        if (device != null) {
            device.reset();
        }
    }

    CudaLauncher open() {
        return CudaLauncher.open(List.of(device.library()), STAGING_BYTES);
    }

    long calls(String function) {
        return device.calls().getOrDefault(function, 0L);
    }

    static float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i;
        }
        return values;
    }

    static float[] read(CudaLauncher cuda, CudaStorage storage) {
        float[] values = new float[storage.size()];
        cuda.read(storage, values);
        return values;
    }

    static CudaStorage written(CudaLauncher cuda, float... values) {
        CudaStorage storage = cuda.allocate(Shape.of(values.length));
        cuda.write(storage, values);
        return storage;
    }
}
