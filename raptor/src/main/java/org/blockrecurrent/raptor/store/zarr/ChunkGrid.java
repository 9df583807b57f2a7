package org.blockrecurrent.raptor.store.zarr;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * How an array is cut into chunks of one shape. Chunks count row-major; those at the far edges reach beyond the array and
 * are stored at full size all the same.
 */
public final class ChunkGrid {
    private final int[] shape;
    private final int[] chunk;
    private final int[] counts;

    /** Both of one rank, every extent positive, their products below 2⁶³ and 2³¹: {@link MetadataParser} checks. */
    ChunkGrid(int[] shape, int[] chunk) {
        this.shape = shape.clone();
        this.chunk = chunk.clone();
        counts = new int[shape.length];
        Arrays.setAll(counts, axis -> (int) (((long) shape[axis] + chunk[axis] - 1) / chunk[axis]));
    }

    public int rank() {
        return shape.length;
    }

    /** Extent of the array along an axis. */
    public int shape(int axis) {
        return shape[axis];
    }

    /** Extent of a chunk along an axis. */
    public int chunk(int axis) {
        return chunk[axis];
    }

    /** Number of chunks along an axis. */
    public int count(int axis) {
        return counts[axis];
    }

    /** Number of chunks. */
    public long chunks() {
        return Arrays.stream(counts).asLongStream().reduce(1, (a, b) -> a * b);
    }

    /** Number of chunks that have one index on the first axis. */
    public int chunksPerRow() {
        return Math.toIntExact(chunks() / counts[0]);
    }

    /** Numbers in a chunk. */
    public int chunkSize() {
        return Arrays.stream(chunk).reduce(1, (a, b) -> a * b);
    }

    /** Index of a chunk on every axis. */
    public int[] index(long number) {
        int[] index = new int[counts.length];
        long rest = number;
        for (int axis = counts.length - 1; axis >= 0; axis--) {
            index[axis] = (int) (rest % counts[axis]);
            rest /= counts[axis];
        }
        return index;
    }

    /** First position of a chunk along an axis. */
    public int from(int[] index, int axis) {
        return index[axis] * chunk[axis];
    }

    /** One past its last position along an axis that the array has. */
    public int to(int[] index, int axis) {
        return (int) Math.min((long) from(index, axis) + chunk[axis], shape[axis]);
    }

    /** Name of a chunk, as in {@code 12.0.0.0}. */
    String key(long number, char separator) {
        StringJoiner key = new StringJoiner(String.valueOf(separator));
        for (int i : index(number)) {
            key.add(Integer.toString(i));
        }
        return key.toString();
    }

    int[] shape() {
        return shape.clone();
    }

    int[] chunk() {
        return chunk.clone();
    }

    /** {@code (8, 13, 6, 8) in chunks of (4, 1, 6, 8)}. */
    @Override
    public String toString() {
        return text(shape) + " in chunks of " + text(chunk);
    }

    private static String text(int[] extents) {
        return Arrays.toString(extents).replace('[', '(').replace(']', ')');
    }
}
