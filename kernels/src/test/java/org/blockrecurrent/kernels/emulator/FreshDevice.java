package org.blockrecurrent.kernels.emulator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests on the emulated device, each of which starts with a driver that nobody has used. */
public abstract class FreshDevice {
    protected EmulatedDevice device;

    /** In the mode that the name of the test class says: plain, if not said otherwise. */
    protected EmulatedDevice emulatedDevice() {
        return EmulatedDevice.plain();
    }

    @BeforeEach
    void freshDevice() {
        device = emulatedDevice();
        device.reset();
    }

    @AfterEach
    void forgetTheDevice() {
        if (device != null) {
            device.reset();
        }
    }

    /** How often a function of the driver was called since the last reset, by its exported name. */
    protected long calls(String function) {
        return device.calls().getOrDefault(function, 0L);
    }
}
