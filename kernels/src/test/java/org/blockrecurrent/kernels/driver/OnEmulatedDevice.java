package org.blockrecurrent.kernels.driver;

import java.util.List;
import org.blockrecurrent.kernels.emulator.FreshDevice;
import org.blockrecurrent.tensor.Shape;

/** A test of the driver layer on the emulated device. */
abstract class OnEmulatedDevice extends FreshDevice {
    /** Small, so that few floats go round the staging buffers. */
    static final int STAGING_BYTES = 4096;

    CudaLauncher open() {
        return CudaLauncher.open(List.of(device.library()), STAGING_BYTES);
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
