package org.blockrecurrent.raptor.store;

import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import org.blockrecurrent.raptor.store.zarr.ChunkWriter;
import org.blockrecurrent.raptor.store.zarr.ZarrArray;
import org.blockrecurrent.raptor.store.zarr.ZarrMetadata;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.training.VitCheckpoint;

/**
 * Writes an activation store that the published code reads: Zarr 2, (images, L + 1, N, D) of little-endian 32-bit floats, a
 * layer of some images in each chunk, Blosc with zstd and byte shuffle. Beside it, where Zarr readers do not look, are what
 * the store holds and a checksum of every chunk.
 *
 * <p>A chunk appears under its name complete or not at all, and the store counts as complete only when all are there. One
 * that was interrupted is continued by opening it again with the same settings: {@link #next} says from which image on.
 * Chunks are compressed and written in threads of their own, while the next states are computed.
 */
public final class ActivationWriter implements AutoCloseable {
    private static final int ROWS = 2;

    private final ZarrArray array;
    private final ChunkLog log;
    private final ExecutorService threads;
    private final BlockingQueue<ChunkWriter> writers = new LinkedBlockingQueue<>();
    private final RowBuffer[] rows = new RowBuffer[ROWS];
    private int next;

    private ActivationWriter(ZarrArray array, StoreSettings settings, int threadCount) {
        this.array = array;
        log = ChunkLog.read(array.folder());
        threads = Tasks.threads(threadCount, "activation store writer");
        for (int i = 0; i < threadCount; i++) {
            writers.add(array.writer());
        }
        for (int i = 0; i < ROWS; i++) {
            rows[i] = new RowBuffer(array.grid(), settings.precision());
        }
        next = firstMissing();
    }

    /**
     * Begins a store or continues it.
     *
     * @param layers L
     * @param embedDim D
     * @param threads that compress and write
     */
    public static ActivationWriter open(
            Path folder, StoreCard card, int layers, int embedDim, StoreSettings settings, int threads) {
        int[] shape = {card.images(), layers + 1, card.layout().tokens(), embedDim};
        int[] chunk = {settings.imagesPerChunk(), 1, shape[2], shape[3]};
        ZarrMetadata metadata = ZarrMetadata.published(folder, shape, chunk, settings.level());
        StoreCard before = StoreCard.read(folder);
        if (before != null) {
            VitCheckpoint.requireSame(folder.toString(), before, card);
        } else if (ZarrArray.isIn(folder)) {
            throw new InvalidInputException(
                    folder + " holds a Zarr array that this program did not write; choose another folder");
        }
        card.write(folder);
        ZarrArray array = ZarrArray.create(folder, metadata);
        ActivationStore.requireActivations(array);
        requireMemory(array, threads);
        return new ActivationWriter(array, settings, threads);
    }

    private static void requireMemory(ZarrArray array, int threads) {
        double row = ChunkRow.bytes(array.grid());
        double chunk = row / array.grid().shape(1);
        HeapRoom.require(
                ROWS * row + threads * chunk,
                "writing " + array.grid().chunk(0) + " images a chunk to " + array.folder(),
                ", or write fewer images a chunk");
    }

    private int firstMissing() {
        int depths = array.grid().chunksPerRow();
        long chunk = 0;
        while (chunk < array.grid().chunks() && log.of(chunk) != null) {
            chunk++;
        }
        return (int)
                Math.min(chunk / depths * array.grid().chunk(0), array.grid().shape(0));
    }

    /** The image that is to be given next; the number of images when there are no more. */
    public int next() {
        return next;
    }

    /** Number of images of the store. */
    public int images() {
        return array.grid().shape(0);
    }

    /**
     * Takes the trajectories of the next images, all states x₀ … x_L. Waits while two rows of chunks are on their way to the
     * disk; throws what went wrong there.
     */
    public void accept(Trajectory trajectory) {
        require(trajectory.layers() + 1 == array.grid().shape(1), "states of " + trajectory.layers() + " layers");
        require(trajectory.batch() <= images() - next, "more images than " + images());
        trajectory
                .state(0)
                .require(
                        "activation store, states",
                        trajectory.batch(),
                        array.grid().shape(2),
                        array.grid().shape(3));
        int taken = 0;
        while (taken < trajectory.batch()) {
            int place = next % array.grid().chunk(0);
            int n = Math.min(trajectory.batch() - taken, array.grid().chunk(0) - place);
            RowBuffer row = rows[next / array.grid().chunk(0) % ROWS];
            row.put(trajectory, taken, n, place);
            taken += n;
            next += n;
            if (next % array.grid().chunk(0) == 0 || next == images()) {
                write(row, (next - 1) / array.grid().chunk(0), place + n);
            }
        }
    }

    private void write(RowBuffer row, int number, int images) {
        row.pad(images);
        int depths = array.grid().chunksPerRow();
        for (int depth = 0; depth < depths; depth++) {
            long chunk = (long) number * depths + depth;
            byte[] numbers = row.state(depth);
            if (log.of(chunk) == null) {
                row.writing(threads.submit(() -> write(chunk, numbers)));
            }
        }
    }

    private void write(long chunk, byte[] numbers) {
        ChunkWriter writer = writers.remove(); // there are as many as threads
        try {
            log.add(chunk, writer.write(chunk, numbers));
        } finally {
            writers.add(writer);
        }
    }

    /** Waits until all chunks are on the disk, and marks the store as complete. All images must have been given. */
    public void finish() {
        require(next == images(), "only " + next + " of " + images() + " images");
        for (RowBuffer row : rows) {
            row.awaitWritten();
        }
        if (!log.isComplete()) {
            log.complete();
        }
    }

    private void require(boolean holds, String given) {
        if (!holds) {
            throw new IllegalArgumentException("the activation store " + array.folder() + " was given " + given);
        }
    }

    /** Writes what has been given completely. A store that is not finished can be continued. */
    @Override
    public void close() {
        threads.shutdown();
        if (Tasks.awaitEnd(threads)) {
            writers.forEach(ChunkWriter::close);
        }
    }
}
