package org.blockrecurrent.raptor.store;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that read and write chunks, and how to wait for them. */
final class Tasks {
    private static final int MOST_MINUTES = 10;

    private Tasks() {}

    /** Threads that do not keep the process alive. */
    static ExecutorService threads(int count, String name) {
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Waits for a task; throws what it threw. */
    static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits for what still runs after a shutdown; false if it does not end within minutes. */
    static boolean awaitEnd(ExecutorService threads) {
        try {
            return threads.awaitTermination(MOST_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a chunk", e);
    }
}
