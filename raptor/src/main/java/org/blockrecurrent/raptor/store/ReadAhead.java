package org.blockrecurrent.raptor.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.blockrecurrent.raptor.store.zarr.ChunkReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes rows of chunks, one row ahead of the one that is used, in threads of its own. Memory holds two rows and what each
 * thread decodes into, however many rows there are.
 */
final class ReadAhead implements AutoCloseable {
    /** The one that is used and the one that is decoded meanwhile. */
    static final int ROWS = 2;

    private record Decoding(ChunkRow row, List<Future<?>> chunks) {}

    private final ActivationStore store;
    private final PrimitiveIterator.OfInt sequence;
    private final ExecutorService threads;
    private final BlockingQueue<ChunkReader> readers = new LinkedBlockingQueue<>();
    private final Deque<Decoding> ahead = new ArrayDeque<>();
    private @Nullable ChunkRow current;

    /** Begins with the first rows of the sequence at once. */
    ReadAhead(ActivationStore store, PrimitiveIterator.OfInt sequence, int threadCount) {
        this.store = store;
        this.sequence = sequence;
        threads = Tasks.threads(threadCount, "activation store reader");
        for (int i = 0; i < threadCount; i++) {
            readers.add(store.reader());
        }
        for (int i = 0; i < ROWS; i++) {
            decodeNext(new ChunkRow(store.array()));
        }
    }

    /**
     * The next row of the sequence; waits until it is decoded. The one before it is used again. Throws what was thrown while
     * it was decoded.
     */
    ChunkRow next() {
        if (current != null) {
            decodeNext(current);
        }
        Decoding first = ahead.remove();
        first.chunks().forEach(Tasks::await);
        current = first.row();
        return current;
    }

    private void decodeNext(ChunkRow row) {
        if (!sequence.hasNext()) {
            return;
        }
        int chunksPerRow = store.array().grid().chunksPerRow();
        long first = (long) sequence.nextInt() * chunksPerRow;
        List<Future<?>> chunks = new ArrayList<>();
        for (long chunk = first; chunk < first + chunksPerRow; chunk++) {
            long number = chunk;
            chunks.add(threads.submit(() -> decode(number, row)));
        }
        ahead.add(new Decoding(row, chunks));
    }

    private void decode(long chunk, ChunkRow into) {
        ChunkReader reader = readers.remove(); // there are as many as threads
        try {
            into.put(chunk, reader.read(chunk));
        } finally {
            readers.add(reader);
        }
    }

    /** Waits for the chunks that are being decoded, and for no other. */
    @Override
    public void close() {
        threads.shutdownNow();
        if (Tasks.awaitEnd(threads)) {
            readers.forEach(ChunkReader::close);
        }
    }
}
