package org.blockrecurrent.kernels.ptx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.blockrecurrent.kernels.driver.PtxAssembler.Resources;

/** What each kernel takes on each compute capability, as a table for people: {@code target/ptx/kernels.md}. */
final class KernelTable {
    private record Cell(Resources resources, int occupancy) {
        @Override
        public String toString() {
            return resources.registers() + " / " + occupancy + " %";
        }
    }

    private final Map<String, Map<Multiprocessor, Cell>> rows = new TreeMap<>();
    private final Map<String, KernelBudget> budgets = new TreeMap<>();

    void add(String kernel, Multiprocessor multiprocessor, KernelBudget budget, Resources resources, int occupancy) {
        budgets.put(kernel, budget);
        rows.computeIfAbsent(kernel, name -> new TreeMap<>()).put(multiprocessor, new Cell(resources, occupancy));
    }

    void write() throws IOException {
        StringBuilder text =
                new StringBuilder("Registers of a thread / occupancy, as NVIDIA's PTX assembler of CUDA 12.0 "
                        + "compiles the committed PTX. No kernel spills.\n\n| kernel | threads | shared bytes |");
        for (Multiprocessor multiprocessor : Multiprocessor.values()) {
            text.append(" sm_").append(multiprocessor.capability()).append(" |");
        }
        text.append("\n|---|---|---|")
                .append("---|".repeat(Multiprocessor.values().length))
                .append('\n');
        rows.forEach((kernel, cells) -> {
            KernelBudget budget = budgets.get(kernel);
            text.append("| ").append(kernel);
            text.append(" | ").append(budget.threads());
            text.append(" | ").append(budget.sharedBytes()).append(" |");
            for (Multiprocessor multiprocessor : Multiprocessor.values()) {
                text.append(' ')
                        .append(cells.containsKey(multiprocessor) ? cells.get(multiprocessor) : "")
                        .append(" |");
            }
            text.append('\n');
        });
        Path folder = Files.createDirectories(Path.of("target/ptx"));
        Files.writeString(folder.resolve("kernels.md"), text);
    }
}
