package org.blockrecurrent.kernels.emulator;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated CUDA device, for tests: a {@code libcuda.so.1} that runs our kernels on the processor. See
 * {@code kernels/src/test/cpp/emulator/README.md} for what it models.
 *
 * <p>One JVM loads one mode: tests of the three modes run in JVMs of their own (see {@code kernels/pom.xml}).
 *
 * <pre>{@code
 * EmulatedDevice device = EmulatedDevice.plain();   // built if stale; the test is skipped, loudly, where it cannot be
 * device.configure("order=reverse memory=64m");
 * }</pre>
 */
public final class EmulatedDevice {
    /** Names the driver library to load; the driver layer reads it before it touches JCuda. */
    static final String LIBRARY_PROPERTY = "raptor.cuda.library";

    private final Path library;
    private final NativeLibrary functions;

    private EmulatedDevice(Path library) {
        this.library = library;
        this.functions = NativeLibrary.getInstance(library.toString());
    }

    /** Fast: shuffled order, poison and guard pages. */
    public static EmulatedDevice plain() {
        return open("plain");
    }

    /** Exact bounds, uninitialised memory, races. */
    public static EmulatedDevice checked() {
        return open("checked");
    }

    /** Counts memory traffic, bank conflicts and floating-point operations. */
    public static EmulatedDevice counted() {
        return open("counted");
    }

    private static EmulatedDevice open(String mode) {
        EmulatorBuild.impossibleBecause().ifPresent(EmulatedDevice::skip);
        Path library = EmulatorBuild.module().resolve("target/emulator/" + mode + "/libcuda.so.1");
        String loaded = System.getProperty(LIBRARY_PROPERTY);
        if (loaded == null) {
            System.setProperty(LIBRARY_PROPERTY, EmulatorBuild.build(mode).toString());
        } else if (!loaded.equals(library.toString())) {
            throw new IllegalStateException("this JVM uses " + loaded
                    + ", and one JVM can load one driver: tests of mode " + mode + " run in another");
        }
        return new EmulatedDevice(library);
    }

    private static void skip(String why) {
        System.err.println("SKIPPED: " + why);
        Assumptions.abort(why);
    }

    /** The {@code libcuda.so.1}. */
    public Path library() {
        return library;
    }

    /** Settings as {@code "order=reverse seed=3"}; {@code settings.h} lists them. They hold until {@link #reset}. */
    public EmulatedDevice configure(String settings) {
        String wrong = call("emu_configure").invokeString(new Object[] {settings}, false);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong);
        }
        return this;
    }

    /** As if the process had just started: no context, no memory, no planted failure, default settings. */
    public void reset() {
        call("emu_reset").invokeVoid(new Object[0]);
    }

    /** What went wrong first since the last reset or {@link #clearReport}, with kernel, block and thread; or "". */
    public String report() {
        return call("emu_report").invokeString(new Object[0], false);
    }

    /** Forgets the report. */
    public void clearReport() {
        call("emu_clear_report").invokeVoid(new Object[0]);
    }

    /**
     * Makes a call of the driver API fail.
     *
     * @param function the exported name, such as {@code cuMemAlloc_v2}
     * @param nth which of the calls from now on; 1 is the next
     * @param result what it returns, a {@code CUresult}
     */
    public void failCall(String function, int nth, int result) {
        call("emu_plant_failure").invokeVoid(new Object[] {function, nth, result});
    }

    /** Every context dies of this {@code CUresult}: all later calls return it, until {@link #reset}. */
    public void loseContexts(int result) {
        call("emu_lose_contexts").invokeVoid(new Object[] {result});
    }

    /** How often each function of the driver API was called since the last reset, by its exported name. */
    public Map<String, Long> calls() {
        return counters().calls();
    }

    /** What was counted since the last reset; what kernels cost, in counted mode. */
    public Counters counters() {
        return Counters.fromJson(
                call("emu_counters").invokeString(new Object[0], false),
                call("emu_calls").invokeString(new Object[0], false));
    }

    /** Forgets all that was counted: calls of the driver are what plain mode counts. */
    public void resetCalls() {
        resetCounters();
    }

    /** Forgets all that was counted. */
    public void resetCounters() {
        call("emu_reset_counters").invokeVoid(new Object[0]);
    }

    /** Makes the kernels of one more folder known: "planted" beside the library, for instance. */
    public void loadKernels(String folder) {
        Path path = library.resolveSibling(folder);
        String wrong = call("emu_load_kernels").invokeString(new Object[] {path.toString()}, false);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(wrong);
        }
    }

    /** A PTX image, with its final NUL, that declares the kernel of this name: for kernels that exist as source only. */
    public byte[] image(String kernel) {
        String image = call("emu_image").invokeString(new Object[] {kernel}, false);
        if (image == null) {
            throw new IllegalArgumentException("no kernel " + kernel + " was built beside " + library);
        }
        return (image + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private Function call(String name) {
        return functions.getFunction(name);
    }
}
