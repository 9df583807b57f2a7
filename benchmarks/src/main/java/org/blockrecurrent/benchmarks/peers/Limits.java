package org.blockrecurrent.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the machine can do at most, measured: the best of several bursts.
 *
 * @param threads that everything but the first figure was measured with
 * @param gigaflopsOfOne 10⁹ float operations a second of one thread in fused multiply-adds on registers
 * @param gigaflops of all threads together
 * @param gigabytes read from memory a second, by all threads together, from an array larger than the caches
 */
record Limits(int threads, double gigaflopsOfOne, double gigaflops, double gigabytes) {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final int STEPS = 2_000_000;
    private static final int BURSTS = 12;
    private static final int ARRAY_BYTES = 256 << 20;

    static Limits measure(int threads) {
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "limits");
            thread.setDaemon(true);
            return thread;
        });
        try {
            long[] array = new long[ARRAY_BYTES / Long.BYTES];
            double one = best(pool, 1, Limits::multiplyAdds);
            double all = threads == 1 ? one : best(pool, threads, Limits::multiplyAdds);
            return new Limits(threads, one, all, best(pool, threads, () -> readAll(array)));
        } finally {
            pool.shutdownNow();
        }
    }

    /** The FMA limit for a number of threads; in between, proportional. */
    double gigaflops(int someThreads) {
        return someThreads == 1 ? gigaflopsOfOne : gigaflops * Math.min(1, (double) someThreads / threads);
    }

    List<String> lines() {
        return List.of(
                String.format(
                        Locale.ROOT,
                        "FMA limit, %d-bit vectors: %.1f GFLOP/s with 1 thread, %.1f with %d",
                        SPECIES.vectorBitSize(),
                        gigaflopsOfOne,
                        gigaflops,
                        threads),
                String.format(
                        Locale.ROOT,
                        "memory: %.1f GB/s read by %d threads from %d MiB",
                        gigabytes,
                        threads,
                        ARRAY_BYTES >> 20));
    }

    /** Work that returns what it did, in 10⁹ operations or bytes a second: all threads at once, several times. */
    private static double best(ExecutorService pool, int threads, Callable<Double> work) {
        double best = 0;
        for (int burst = 0; burst < BURSTS; burst++) {
            List<Callable<Double>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(work);
            }
            best = Math.max(best, sum(pool, tasks));
        }
        return best;
    }

    private static double sum(ExecutorService pool, List<Callable<Double>> tasks) {
        try {
            double sum = 0;
            for (Future<Double> rate : pool.invokeAll(tasks)) {
                sum += rate.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the machine's limits cannot be measured", e.getCause());
        }
    }

    private static double multiplyAdds() {
        long begin = System.nanoTime();
        float sum = chains(STEPS, 0.999f);
        long nanos = System.nanoTime() - begin;
        if (Float.isNaN(sum)) {
            throw new IllegalStateException("never: it keeps the sum alive");
        }
        return 2.0 * CHAINS * SPECIES.length() * STEPS / nanos;
    }

    /** Twelve independent chains {@code x ← x + a·a}: enough for two units with a latency of five, few enough for 16 registers. */
    private static float chains(int steps, float factor) {
        FloatVector a = FloatVector.broadcast(SPECIES, factor);
        FloatVector x0 = a, x1 = a, x2 = a, x3 = a, x4 = a, x5 = a, x6 = a, x7 = a, x8 = a, x9 = a, x10 = a, x11 = a;
        for (int i = 0; i < steps; i++) {
            x0 = a.fma(a, x0);
            x1 = a.fma(a, x1);
            x2 = a.fma(a, x2);
            x3 = a.fma(a, x3);
            x4 = a.fma(a, x4);
            x5 = a.fma(a, x5);
            x6 = a.fma(a, x6);
            x7 = a.fma(a, x7);
            x8 = a.fma(a, x8);
            x9 = a.fma(a, x9);
            x10 = a.fma(a, x10);
            x11 = a.fma(a, x11);
        }
        FloatVector sum = x0.add(x1).add(x2).add(x3).add(x4).add(x5);
        return sum.add(x6).add(x7).add(x8).add(x9).add(x10).add(x11).lane(0);
    }

    private static double readAll(long[] array) {
        long begin = System.nanoTime();
        long sum = sum(array);
        long nanos = System.nanoTime() - begin;
        if (sum != 0) {
            throw new IllegalStateException("never: the array holds zeros");
        }
        return (double) ARRAY_BYTES / nanos;
    }

    private static long sum(long[] array) {
        long s0 = 0;
        long s1 = 0;
        long s2 = 0;
        long s3 = 0;
        for (int i = 0; i < array.length; i += 4) {
            s0 += array[i];
            s1 += array[i + 1];
            s2 += array[i + 2];
            s3 += array[i + 3];
        }
        return s0 + s1 + s2 + s3;
    }
}
