package org.blockrecurrent.kernels.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;

/** A call of a function that libcuda lacks would end the JVM, so the emulated one has every name that JCuda can call. */
class DriverSymbolsPlainTest {
    private static final String JCUDA = "/lib/libJCudaDriver-12.6.0-linux-x86_64.so";

    @Test
    void every_function_that_jcuda_calls_exists() throws IOException {
        NativeLibrary library =
                NativeLibrary.getInstance(EmulatedDevice.plain().library().toString());
        List<String> missing = new ArrayList<>();
        List<String> called = functionsThatJCudaCalls();
        for (String name : called) {
            try {
                library.getFunction(name);
            } catch (UnsatisfiedLinkError e) {
                missing.add(name);
            }
        }
        assertThat(called).hasSize(312).contains("cuLaunchKernel", "cuMemAlloc_v2", "cuSurfRefGetArray");
        assertThat(missing).isEmpty();
    }

    /** The undefined symbols of the ELF file's table of dynamic symbols that look like functions of the driver API. */
    private static List<String> functionsThatJCudaCalls() throws IOException {
        ByteBuffer elf = jcuda();
        int sections = (int) elf.getLong(0x28);
        int count = elf.getShort(0x3C);
        for (int i = 0; i < count; i++) {
            int section = sections + 64 * i;
            boolean isDynamicSymbols = elf.getInt(section + 4) == 11;
            if (isDynamicSymbols) {
                int strings = sections + 64 * elf.getInt(section + 40);
                return undefined(elf, elf.getLong(section + 24), elf.getLong(section + 32), elf.getLong(strings + 24));
            }
        }
        throw new IllegalStateException(JCUDA + " has no dynamic symbols");
    }

    private static List<String> undefined(ByteBuffer elf, long symbols, long bytes, long strings) {
        List<String> names = new ArrayList<>();
        for (long symbol = symbols; symbol < symbols + bytes; symbol += 24) {
            String name = text(elf, (int) strings + elf.getInt((int) symbol));
            boolean isUndefined = elf.getShort((int) symbol + 6) == 0;
            if (isUndefined && name.matches("cu[A-Z]\\w*")) {
                names.add(name);
            }
        }
        return names;
    }

    private static String text(ByteBuffer elf, int at) {
        StringBuilder text = new StringBuilder();
        for (int i = at; elf.get(i) != 0; i++) {
            text.append((char) elf.get(i));
        }
        return text.toString();
    }

    private static ByteBuffer jcuda() throws IOException {
        try (InputStream stream = JCudaDriver.class.getResourceAsStream(JCUDA)) {
            assertThat(stream).as(JCUDA + " on the class path").isNotNull();
            return ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }
}
