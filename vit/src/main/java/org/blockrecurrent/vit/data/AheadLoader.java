package org.blockrecurrent.vit.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For images on disk: while one batch is computed on, a few threads read the next two. Who asks for steps in order has
 * every file read once in a pass; who jumps gets the right batch all the same, only not ahead.
 *
 * <p>Memory holds three batches, and a picture for each thread. The threads end by themselves when nothing is asked for,
 * so there is nothing to close.
 */
final class AheadLoader implements BatchLoader {
    private static final int AHEAD = 2;
    private static final long IDLE_SECONDS = 2;

    private final BatchSource source;
    private final ExecutorService threads;
    private final Map<Integer, Pending> pending = new HashMap<>();
    private final Deque<HostBatch> free = new ArrayDeque<>();
    private @Nullable HostBatch shown;

    /** A batch in the making; a task for each of its images. */
    private record Pending(HostBatch batch, List<Future<?>> tasks) {}

    AheadLoader(BatchSource source) {
        this.source = source;
        int most = Math.min(Runtime.getRuntime().availableProcessors(), source.batch());
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), AheadLoader::thread);
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "picture reader");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public HostBatch load(int step) {
        if (shown != null) {
            free.push(shown);
            shown = null;
        }
        abandonAllBut(step);
        for (int ahead = step; ahead <= step + AHEAD && source.goesOn(step, ahead); ahead++) {
            if (!pending.containsKey(ahead)) {
                pending.put(ahead, start(ahead));
            }
        }
        HostBatch batch = finished(Objects.requireNonNull(pending.remove(step)));
        source.settle(batch);
        shown = batch;
        return batch;
    }

    /** Forgets what was read for steps that are not coming; its buffers are not used again, for a task may still write. */
    private void abandonAllBut(int step) {
        pending.entrySet().removeIf(entry -> {
            boolean abandoned = entry.getKey() < step || entry.getKey() > step + AHEAD;
            if (abandoned) {
                entry.getValue().tasks().forEach(task -> task.cancel(false));
            }
            return abandoned;
        });
    }

    private Pending start(int step) {
        HostBatch batch = free.isEmpty() ? source.newBatch() : free.pop();
        source.begin(batch, step);
        List<Future<?>> tasks = new ArrayList<>();
        for (int position = 0; position < batch.size(); position++) {
            int place = position;
            tasks.add(threads.submit(
                    () -> source.fill(batch, place, new byte[source.set().levels()])));
        }
        return new Pending(batch, tasks);
    }

    private static HostBatch finished(Pending pending) {
        try {
            for (Future<?> task : pending.tasks()) {
                task.get();
            }
            return pending.batch();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pictures were read", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        }
    }
}
