package org.blockrecurrent.kernels.driver;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.Shape;

/** What to say when the device has no memory left for a tensor. */
record MemoryReport(Shape requested, long bytes, Collection<DeviceBlock> live) {
    private static final int LARGEST = 5;

    /**
     * One line: what was asked for, what is free, what holds the rest, and what would help.
     *
     * @param free free and total bytes of the device
     */
    String message(long[] free) {
        return "the GPU has no memory left for a tensor " + requested + " of " + size(bytes) + ": " + size(free[0])
                + " of " + size(free[1]) + " are free, this program holds " + size(liveBytes()) + largest() + ". "
                + remedy(free[0]);
    }

    private long liveBytes() {
        return live.stream().mapToLong(DeviceBlock::bytes).sum();
    }

    private String largest() {
        if (live.isEmpty()) {
            return "";
        }
        return ", most of it in "
                + live.stream()
                        .sorted(Comparator.comparingLong(DeviceBlock::bytes).reversed())
                        .limit(LARGEST)
                        .map(block -> block.shape() + " (" + size(block.bytes()) + ")")
                        .collect(Collectors.joining(", "));
    }

    private String remedy(long free) {
        int batch = batch();
        long fitting = batch == 0 ? 0 : fittingBatch(batch, free);
        return "Lower the batch size"
                + (fitting > 0 && fitting < batch ? " from " + batch + " to at most " + fitting : "")
                + ", or end other programs on the GPU (nvidia-smi shows them)";
    }

    /**
     * The batch size, as far as the shapes tell: the leading extent that holds most memory among images and tokens (three
     * axes or more). 0 if it holds less than half of all, since then the batch is not what fills the device.
     */
    private int batch() {
        Map<Integer, Long> bytesByBatch = new TreeMap<>();
        if (requested.rank() >= 3) {
            bytesByBatch.put(requested.dim(0), bytes);
        }
        for (DeviceBlock block : live) {
            if (block.shape().rank() >= 3) {
                bytesByBatch.merge(block.shape().dim(0), block.bytes(), Long::sum);
            }
        }
        return bytesByBatch.entrySet().stream()
                .filter(sameBatch -> 2 * sameBatch.getValue() >= liveBytes() + bytes)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(0);
    }

    /** The batch that would have come as far as this, if what is asked for and what has its extent grow with it. */
    private long fittingBatch(int batch, long free) {
        long growing = live.stream()
                .filter(block -> block.shape().rank() > 0 && block.shape().dim(0) == batch)
                .mapToLong(DeviceBlock::bytes)
                .sum();
        return (long) ((double) batch * (growing + free) / (growing + bytes));
    }

    /** In the largest unit that leaves at least 1. */
    static String size(long bytes) {
        if (bytes < 1 << 20) {
            return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
        }
        return bytes < 1 << 30
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024))
                : String.format(Locale.ROOT, "%.2f GiB", bytes / (1024.0 * 1024 * 1024));
    }
}
