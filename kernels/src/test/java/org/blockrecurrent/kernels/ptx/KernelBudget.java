package org.blockrecurrent.kernels.ptx;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel may take, as written directly above it:
 *
 * <pre>
 * // budget: 64 registers, 8192 bytes shared, 50 % occupancy at 256 threads
 * // reason: …                    only below 50 %
 * </pre>
 *
 * @param registers of a thread, at most
 * @param sharedBytes of a block, at most, dynamic shared memory included
 * @param occupancy in percent, at least, where it is lowest
 * @param threads of a block for which the occupancy is meant
 * @param reason why the occupancy is below 50 %, else empty
 */
public record KernelBudget(int registers, int sharedBytes, int occupancy, int threads, String reason) {
    private static final Pattern BUDGET =
            Pattern.compile("// budget: (\\d+) registers, (\\d+) bytes shared, (\\d+) % occupancy at (\\d+) threads");
    private static final Pattern REASON = Pattern.compile("// reason: (\\S.*)");
    private static final Pattern KERNEL =
            Pattern.compile("__global__\\s+void\\s+(?:__launch_bounds__\\s*\\([^)]*\\)\\s*)?(\\w+)\\s*\\(");

    /** The budgets of all kernels of a .cu file by name; throws if a kernel has none or a budget stands elsewhere. */
    static Map<String, KernelBudget> of(String source) {
        Map<String, KernelBudget> budgets = new TreeMap<>();
        List<String> lines = source.lines().toList();
        Matcher kernel = KERNEL.matcher(source);
        while (kernel.find()) {
            int line =
                    Math.toIntExact(source.substring(0, kernel.start()).lines().count()) - 1;
            budgets.put(kernel.group(1), above(lines, line, kernel.group(1)));
        }
        long written =
                lines.stream().filter(line -> line.startsWith("// budget")).count();
        if (written != budgets.size()) {
            throw new IllegalArgumentException(written + " budgets for " + budgets.size() + " kernels");
        }
        return budgets;
    }

    private static KernelBudget above(List<String> lines, int line, String kernel) {
        Matcher reason = REASON.matcher(line > 0 ? lines.get(line - 1) : "");
        boolean hasReason = reason.matches();
        int at = line - (hasReason ? 2 : 1);
        Matcher budget = BUDGET.matcher(at >= 0 ? lines.get(at) : "");
        if (!budget.matches()) {
            throw new IllegalArgumentException("no budget directly above " + kernel);
        }
        return new KernelBudget(
                Integer.parseInt(budget.group(1)),
                Integer.parseInt(budget.group(2)),
                Integer.parseInt(budget.group(3)),
                Integer.parseInt(budget.group(4)),
                hasReason ? reason.group(1) : "");
    }
}
