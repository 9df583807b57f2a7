package org.blockrecurrent.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Where a result was computed; written beside it.
 *
 * @param version of this product
 * @param java version and vendor of the JVM
 * @param os its name, version and architecture
 * @param cpu its model, as the operating system calls it
 * @param processors that the JVM may use
 * @param memoryBytes of the machine; 0 if unknown
 * @param maxHeapBytes the largest the heap may grow
 * @param collectors the garbage collectors
 * @param backend the backend's description of itself, threads included
 */
record Environment(
        String version,
        String java,
        String os,
        String cpu,
        int processors,
        long memoryBytes,
        long maxHeapBytes,
        String collectors,
        String backend) {

    static Environment of(String backend) {
        return new Environment(
                Version.number(),
                System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                ProcFile.bytes(Path.of("/proc/meminfo"), "MemTotal").orElse(0),
                Runtime.getRuntime().maxMemory(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(GarbageCollectorMXBean::getName)
                        .collect(Collectors.joining(", ")),
                backend);
    }

    /** The largest memory that this process has occupied; where the system does not tell, what the heap occupies now. */
    static long peakBytes() {
        Runtime runtime = Runtime.getRuntime();
        return ProcFile.bytes(Path.of("/proc/self/status"), "VmHWM")
                .orElse(runtime.totalMemory() - runtime.freeMemory());
    }

    private static String cpuModel() {
        return ProcFile.value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
    }
}
