package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Float arrays by exact length, given back and handed out again: a step that repeats allocates nothing after the first.
 *
 * <p>Idle arrays are dropped, those of the length that was out of use for longest first, when a fresh one would raise the
 * total above the largest amount ever in use plus a quarter (at least {@value #SLACK_MEGABYTES} MiB): changing batch sizes
 * cannot hoard without bound. Driven by one thread, as its backend is.
 */
final class HeapPool {
    private static final int SLACK_MEGABYTES = 64;

    /** Idle arrays by length, least recently used length first. */
    private final Map<Integer, Deque<float[]>> idle = new LinkedHashMap<>(16, 0.75f, true);

    private long liveBytes;
    private long idleBytes;
    private long peakBytes;
    private long freshArrays;

    /** An array of exactly this length, with arbitrary contents. */
    float[] take(int length) {
        liveBytes += bytes(length);
        peakBytes = Math.max(peakBytes, liveBytes);
        Deque<float[]> sameLength = idle.get(length);
        if (sameLength != null && !sameLength.isEmpty()) {
            idleBytes -= bytes(length);
            return sameLength.pop();
        }
        freshArrays++;
        shrinkIdle();
        return new float[length];
    }

    void give(float[] array) {
        liveBytes -= bytes(array.length);
        idleBytes += bytes(array.length);
        idle.computeIfAbsent(array.length, length -> new ArrayDeque<>()).push(array);
    }

    /** As {@link #give}, but nobody is to have it again. */
    void drop(float[] array) {
        liveBytes -= bytes(array.length);
    }

    /** Drops everything that is idle. */
    void clear() {
        idle.clear();
        idleBytes = 0;
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

    /** Number of arrays that had to be allocated so far. */
    long freshArrays() {
        return freshArrays;
    }

    private void shrinkIdle() {
        long limit = peakBytes + Math.max(peakBytes / 4, SLACK_MEGABYTES * 1024L * 1024L);
        Iterator<Map.Entry<Integer, Deque<float[]>>> lengths = idle.entrySet().iterator();
        while (liveBytes + idleBytes > limit && lengths.hasNext()) {
            Map.Entry<Integer, Deque<float[]>> oldest = lengths.next();
            while (liveBytes + idleBytes > limit && !oldest.getValue().isEmpty()) {
                idleBytes -= bytes(oldest.getValue().pop().length);
            }
            if (oldest.getValue().isEmpty()) {
                lengths.remove();
            }
        }
    }

    private static long bytes(int length) {
        return (long) Float.BYTES * length;
    }
}
