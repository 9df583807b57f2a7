package org.blockrecurrent.cli.cuda;

import java.util.ServiceLoader;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.BackendProvider;

/** The CUDA backend on the emulated device, for tests of the whole product. */
final class Cuda {
    private Cuda() {}

    /** A fresh device; where it cannot be built, the test is skipped, loudly. */
    static void reset() {
        EmulatedDevice.plain().reset();
    }

    /** As {@code --device cuda} opens it. */
    static Backend open() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.device().equals("cuda"))
                .findFirst()
                .orElseThrow()
                .open();
    }
}
