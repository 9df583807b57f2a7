package org.blockrecurrent.tensor.backend.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads that work through the chunks of one region at a time, the calling thread among them.
 *
 * <p>Every member has its own contiguous part of the chunks, so that a member meets the same rows of an activation in one
 * operation after the other and finds them in its cache; when its part is done it takes chunks from the others, so that a
 * core that is busy elsewhere delays nobody. A member that sleeps through a region is not waited for. Which member
 * computes a chunk must therefore make no difference to the result.
 *
 * <p>Between regions members spin for {@value #SPIN_MICROS} µs and then park: handing over costs about 5 µs within that
 * time and 50 to 100 µs after it (measured, two threads).
 */
final class Team implements AutoCloseable {
    private static final int SPIN_MICROS = 200;
    private static final int SPINS_PER_LOOK = 64;
    /** Counters of different members lie on different cache lines. */
    private static final int PADDING = 32;

    /** One chunk of a region. {@code member} (0 … size − 1) tells which private workspace may be used. */
    @FunctionalInterface
    interface Chunk {
        void run(int chunk, int member);
    }

    private final int size;
    private final Thread[] threads;
    private volatile Region current = new Region(null, 0, 1);
    private volatile boolean closed;

    Team(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a team needs at least one thread, got " + size);
        }
        this.size = size;
        threads = new Thread[size - 1];
        for (int i = 0; i < threads.length; i++) {
            int member = i + 1;
            threads[i] = new Thread(() -> work(member), "raptor-vector-" + member);
            threads[i].setDaemon(true);
            threads[i].start();
        }
    }

    int size() {
        return size;
    }

    /** Runs all chunks and returns when all are done; the first failure of a chunk is thrown here. */
    void run(int chunks, Chunk body) {
        if (chunks <= 1 || size == 1) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                body.run(chunk, 0);
            }
            return;
        }
        Region region = new Region(body, chunks, size);
        current = region;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        region.help(0);
        region.awaitEnd();
    }

    /** Ends the threads. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    private void work(int member) {
        Region seen = null;
        while (!closed) {
            Region region = awaitNext(seen);
            if (region != null) {
                region.help(member);
                seen = region;
            }
        }
    }

    /** The next region, or null if the team was closed or the wait was interrupted. */
    private Region awaitNext(Region seen) {
        long end = System.nanoTime() + SPIN_MICROS * 1000L;
        while (!closed && System.nanoTime() < end) {
            for (int i = 0; i < SPINS_PER_LOOK; i++) {
                if (current != seen) {
                    return current;
                }
                Thread.onSpinWait();
            }
        }
        if (!closed && current == seen) {
            LockSupport.park(this);
        }
        return current == seen ? null : current;
    }

    /** Chunks that are worked on together. A member that comes late finds nothing left to claim. */
    private static final class Region {
        private final Chunk body;
        private final int chunks;
        private final int members;
        private final AtomicIntegerArray claimed;
        private final AtomicInteger pending;
        private volatile Throwable failure;

        Region(Chunk body, int chunks, int members) {
            this.body = body;
            this.chunks = chunks;
            this.members = members;
            claimed = new AtomicIntegerArray(members * PADDING);
            pending = new AtomicInteger(chunks);
        }

        /** Works through the member's own part, then through what is left of the others'. */
        void help(int member) {
            for (int i = 0; i < members; i++) {
                int owner = (member + i) % members;
                int first = (int) ((long) owner * chunks / members);
                int count = (int) ((owner + 1L) * chunks / members) - first;
                int next;
                while (claimed.get(owner * PADDING) < count
                        && (next = claimed.getAndIncrement(owner * PADDING)) < count) {
                    runOne(first + next, member);
                }
            }
        }

        private void runOne(int chunk, int member) {
            try {
                if (failure == null) {
                    body.run(chunk, member);
                }
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                pending.decrementAndGet();
            }
        }

        void awaitEnd() {
            int looks = 0;
            while (pending.get() > 0) {
                if (++looks % 4096 == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        }
    }
}
