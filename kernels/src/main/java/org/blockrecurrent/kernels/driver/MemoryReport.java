package org.blockrecurrent.kernels.driver;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
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
        long fitting = fittingBatch(free);
        return "Lower the batch size"
                + (fitting > 0 ? " from " + requested.dim(0) + " to at most " + fitting : "")
                + ", or end other programs on the GPU (nvidia-smi shows them)";
    }

    /**
     * The batch that would have come as far as this, or 0 if the shapes tell of none. What has the leading extent of the
     * requested tensor (three axes or more: an image, tokens) is taken to grow with the batch; the rest is fixed.
     */
    private long fittingBatch(long free) {
        if (requested.rank() < 3) {
            return 0;
        }
        int batch = requested.dim(0);
        long growing = bytes
                + live.stream()
                        .filter(block ->
                                block.shape().rank() > 0 && block.shape().dim(0) == batch)
                        .mapToLong(DeviceBlock::bytes)
                        .sum();
        long available = growing - bytes + free;
        long fitting = (long) ((double) batch * available / growing);
        return fitting < batch ? fitting : 0;
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
