package org.blockrecurrent.kernels.driver;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;

/**
 * Device memory in blocks by exact size, given back and handed out again: a step that repeats makes no call of the
 * driver after the first. A block may be given back while the stream still works on it, because whatever takes it next
 * comes later on the same stream.
 *
 * <p>Idle blocks go back to the driver, those of the size that was out of use for longest first, when a fresh one would
 * raise the total above the largest amount ever in use plus a quarter (at least {@value #SLACK_MEGABYTES} MiB); all of
 * them go when the device has no memory left. Driven by one thread, as its backend is.
 */
final class MemoryPool {
    /** The driver aligns what it allocates to as much; sizes are multiples of it, so that vector loads may read on. */
    static final int ALIGNMENT = 256;

    private static final int SLACK_MEGABYTES = 64;

    private final CudaContext context;

    /** Idle blocks by size, least recently used size first. */
    private final Map<Long, Deque<DeviceBlock>> idle = new LinkedHashMap<>(16, 0.75f, true);

    private final Set<DeviceBlock> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private long liveBytes;
    private long idleBytes;
    private long peakBytes;
    private long freshBlocks;

    MemoryPool(CudaContext context) {
        this.context = context;
    }

    /** A block for floats of this shape, with arbitrary contents. Throws {@link OutOfDeviceMemoryException}. */
    DeviceBlock take(Shape shape) {
        long bytes = roundedBytes(shape);
        Deque<DeviceBlock> sameSize = idle.get(bytes);
        DeviceBlock block;
        if (sameSize != null && !sameSize.isEmpty()) {
            block = sameSize.pop();
            idleBytes -= bytes;
        } else {
            block = fresh(bytes, shape);
        }
        live.add(block.holding(shape));
        liveBytes += bytes;
        peakBytes = Math.max(peakBytes, liveBytes);
        return block;
    }

    void give(DeviceBlock block) {
        live.remove(block);
        liveBytes -= block.bytes();
        idleBytes += block.bytes();
        idle.computeIfAbsent(block.bytes(), size -> new ArrayDeque<>()).push(block);
    }

    /** Gives everything back to the driver, also what is still in use. */
    void close() {
        live.forEach(this::free);
        live.clear();
        liveBytes = 0;
        shrinkIdleTo(0);
    }

    long liveBytes() {
        return liveBytes;
    }

    long idleBytes() {
        return idleBytes;
    }

    /** Largest number of bytes in use at one time. */
    long peakBytes() {
        return peakBytes;
    }

    /** Number of blocks that the driver had to allocate so far: constant once what is computed repeats. */
    long freshBlocks() {
        return freshBlocks;
    }

    private static long roundedBytes(Shape shape) {
        long bytes = (long) Float.BYTES * shape.size();
        return Math.max(1, (bytes + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT;
    }

    private DeviceBlock fresh(long bytes, Shape shape) {
        CudaDriver driver = context.enter();
        long most = Math.max(peakBytes, liveBytes + bytes);
        shrinkIdleTo(most + Math.max(most / 4, SLACK_MEGABYTES * 1024L * 1024L) - liveBytes - bytes);
        DeviceBlock block = new DeviceBlock(bytes);
        int result = driver.memAlloc(block.pointer(), bytes);
        if (result == DriverError.OUT_OF_MEMORY && idleBytes > 0) {
            shrinkIdleTo(0);
            result = driver.memAlloc(block.pointer(), bytes);
        }
        if (result == DriverError.OUT_OF_MEMORY) {
            throw new OutOfDeviceMemoryException(new MemoryReport(shape, bytes, live).message(driver.memGetInfo()));
        }
        driver.check("cuMemAlloc", result);
        freshBlocks++;
        return block;
    }

    private void shrinkIdleTo(long limit) {
        Iterator<Map.Entry<Long, Deque<DeviceBlock>>> sizes = idle.entrySet().iterator();
        while (idleBytes > limit && sizes.hasNext()) {
            Deque<DeviceBlock> oldest = sizes.next().getValue();
            while (idleBytes > limit && !oldest.isEmpty()) {
                DeviceBlock block = oldest.pop();
                idleBytes -= block.bytes();
                free(block);
            }
            if (oldest.isEmpty()) {
                sizes.remove();
            }
        }
    }

    private void free(DeviceBlock block) {
        if (!context.isLost()) {
            context.enter().memFree(block.pointer());
        }
    }
}
