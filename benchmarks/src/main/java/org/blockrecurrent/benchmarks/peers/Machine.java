package org.blockrecurrent.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operating system says of this machine. Read from Linux's {@code /proc} and {@code /sys}; elsewhere most of it is
 * unknown.
 *
 * @param processor its model, with family and model number, because names are often generic
 * @param isa the extensions that matter for float arithmetic
 * @param caches of one processor, such as {@code L1d 32K, L2 1024K, L3 32768K}
 * @param processors that the JVM may use
 */
record Machine(
        String vendor, String processor, String isa, String caches, int processors, String memory, String system) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");
    private static final String UNKNOWN = "unknown";
    private static final List<String> EXTENSIONS = List.of(
            "avx",
            "f16c",
            "fma",
            "avx2",
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "amx_tile",
            "asimd",
            "sve",
            "sve2");

    static Machine current() {
        Set<String> flags = Set.of(value(CPUINFO, "flags")
                .or(() -> value(CPUINFO, "Features"))
                .orElse("")
                .split(" "));
        return new Machine(
                value(CPUINFO, "vendor_id").orElse(UNKNOWN),
                processorModel(),
                EXTENSIONS.stream().filter(flags::contains).collect(Collectors.joining(" ")),
                cachesIn(Path.of("/sys/devices/system/cpu/cpu0/cache")),
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/meminfo"), "MemTotal").orElse(UNKNOWN),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }

    /** The largest memory that this process has occupied; throws where the system does not tell. */
    static long peakBytes() {
        return value(Path.of("/proc/self/status"), "VmHWM")
                .map(text -> 1024 * Long.parseLong(text.replace(" kB", "")))
                .orElseThrow(() -> new PeerException("this system does not tell a process's largest memory"));
    }

    /** For file names: {@code amd-epyc-family-25-model-1}. */
    String slug() {
        return processor
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\((r|tm)\\)", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
    }

    List<String> lines() {
        return List.of(
                "processor: " + processor + " (" + vendor + "), " + processors + " processors for this JVM",
                "instructions: " + isa,
                "caches of a processor: " + caches,
                "memory: " + memory,
                "system: " + system);
    }

    private static String processorModel() {
        String name = value(CPUINFO, "model name").orElse(System.getProperty("os.arch"));
        Optional<String> family = value(CPUINFO, "cpu family");
        Optional<String> model = value(CPUINFO, "model");
        return family.isPresent() && model.isPresent()
                ? name + ", family " + family.get() + " model " + model.get()
                : name;
    }

    private static String cachesIn(Path folder) {
        List<String> caches = new ArrayList<>();
        for (int i = 0; Files.isDirectory(folder.resolve("index" + i)); i++) {
            Path cache = folder.resolve("index" + i);
            String kind = text(cache.resolve("type"));
            String suffix = kind.equals("Data") ? "d" : kind.equals("Instruction") ? "i" : "";
            caches.add("L" + text(cache.resolve("level")) + suffix + " " + text(cache.resolve("size")));
        }
        return caches.isEmpty() ? UNKNOWN : String.join(", ", caches);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "?";
        }
    }

    /** What stands behind the colon of the first line of that key. */
    private static Optional<String> value(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split(":", 2))
                    .filter(parts -> parts.length == 2 && parts[0].strip().equals(key))
                    .map(parts -> parts[1].strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
