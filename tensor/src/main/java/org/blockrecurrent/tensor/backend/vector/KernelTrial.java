package org.blockrecurrent.tensor.backend.vector;

import java.util.function.IntConsumer;

/** A kernel that is run in bursts until the compiler is done with it. */
final class KernelTrial {
    private static final long BURST_NANOS = 300_000;
    /** No better for so long: what the compiler still has in its queue is done by then. */
    private static final long SETTLING_NANOS = 100_000_000;

    private final double work;
    private final double least;
    private final IntConsumer kernel;
    private double best;
    private long settling = Long.MAX_VALUE;

    /**
     * A trial of a kernel that is handed the number of the run.
     *
     * @param work of a run
     * @param least work in a nanosecond that only compiled code does
     */
    KernelTrial(double work, double least, IntConsumer kernel) {
        this.work = work;
        this.least = least;
        this.kernel = kernel;
    }

    /** The best rate so far, in work by nanosecond. */
    double best() {
        return best;
    }

    boolean isSettled() {
        return System.nanoTime() > settling;
    }

    /** Returns its rate. */
    double burst() {
        long begin = System.nanoTime();
        long nanos = 0;
        int runs = 0;
        while (nanos < BURST_NANOS) {
            kernel.accept(runs++);
            nanos = System.nanoTime() - begin;
        }
        double rate = work * runs / nanos;
        if (rate > least && rate > 1.1 * best) {
            settling = System.nanoTime() + SETTLING_NANOS;
        }
        best = Math.max(best, rate);
        return rate;
    }
}
