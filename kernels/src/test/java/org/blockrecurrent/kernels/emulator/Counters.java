package org.blockrecurrent.kernels.emulator;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the emulated device counted between {@link EmulatedDevice#resetCounters} and {@link EmulatedDevice#counters}.
 *
 * @param kernels by kernel name
 * @param calls by exported name of the driver's function, such as {@code cuMemAlloc_v2}
 */
public record Counters(Map<String, KernelCounters> kernels, Map<String, Long> calls) {
    static Counters fromJson(String kernels, String calls) {
        Gson gson = new Gson();
        return new Counters(
                gson.fromJson(kernels, new TypeToken<TreeMap<String, KernelCounters>>() {}.getType()),
                gson.fromJson(calls, new TypeToken<TreeMap<String, Long>>() {}.getType()));
    }

    /** Throws if the kernel was not launched. */
    public KernelCounters of(String kernel) {
        KernelCounters counters = kernels.get(kernel);
        if (counters == null) {
            throw new IllegalArgumentException("kernel " + kernel + " was not launched, only " + kernels.keySet());
        }
        return counters;
    }

    /** Launches of all kernels. */
    public long launches() {
        return kernels.values().stream().mapToLong(KernelCounters::launches).sum();
    }

    /** How often the host waited for the device. Copies that are not asynchronous and freeing memory wait, too. */
    public long hostSynchronizations() {
        return calls("cuStreamSynchronize")
                + calls("cuCtxSynchronize")
                + calls("cuEventSynchronize")
                + calls("cuMemcpyHtoD_v2")
                + calls("cuMemcpyDtoH_v2")
                + calls("cuMemFree_v2");
    }

    /** How often memory was asked of the driver. */
    public long driverAllocations() {
        return calls("cuMemAlloc_v2") + calls("cuMemAllocAsync") + calls("cuMemHostAlloc");
    }

    private long calls(String function) {
        return calls.getOrDefault(function, 0L);
    }
}
