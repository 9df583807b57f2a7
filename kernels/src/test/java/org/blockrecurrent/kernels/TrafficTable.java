package org.blockrecurrent.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.blockrecurrent.kernels.emulator.KernelCounters;
import org.blockrecurrent.kernels.ptx.KernelBudget;
import org.blockrecurrent.kernels.ptx.PtxFile;

/** What kernels move, as counted, beside the least that their algorithm can: rows for people, in {@code target/emulator}. */
final class TrafficTable {
    private static final String HEAD = """
            Counted on the emulated device. Registers, shared memory and occupancy are the budgets that the PTX is held to.
            Sectors are the 32-byte pieces of global memory that an instruction of a warp touches.

            | kernel | sizes | registers | shared bytes | occupancy | bytes / minimum | sectors · 32 / minimum | sectors a read | sectors a write | bank conflicts | flops a byte |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final String file;
    private final Map<String, KernelBudget> budgets;
    private final Map<String, String> rows = new TreeMap<>();

    /** Of the kernels of one .cu file. */
    TrafficTable(String file) {
        this.file = file;
        this.budgets = new PtxFile(file).budgets();
    }

    void add(String kernel, String sizes, KernelCounters counted, long minimum) {
        KernelBudget budget = budgets.get(kernel);
        rows.put(
                kernel + " " + sizes,
                String.format(
                        Locale.ROOT,
                        "| %s | %s | %d | %d | %d %% | %.2f | %.2f | %.1f | %.1f | %.1f %% | %.1f |%n",
                        kernel,
                        sizes,
                        budget.registers(),
                        budget.sharedBytes(),
                        budget.occupancy(),
                        (double) counted.globalBytes() / minimum,
                        counted.sectorOverhead() * counted.globalBytes() / minimum,
                        (double) counted.readSectors() / counted.readRequests(),
                        (double) counted.writeSectors() / counted.writeRequests(),
                        100 * counted.conflictRate(),
                        (double) counted.operations() / counted.globalBytes()));
    }

    void write() throws IOException {
        Path folder = Files.createDirectories(Path.of("target/emulator"));
        Files.writeString(folder.resolve(file + ".md"), HEAD + String.join("", rows.values()));
    }
}
