package org.blockrecurrent.tensor.backend.vector;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Measures what the register tile does once it is compiled. The JIT compiler has been seen to leave the tile
 * interpreted for the life of a process, a hundred times slower; a measurement is the only way to notice.
 *
 * @param gigaflops of one thread
 * @param millis that the check took
 * @param isSlow the tile was not compiled well
 */
record KernelCheck(double gigaflops, long millis, boolean isSlow) {
    private static final Logger LOG = System.getLogger(KernelCheck.class.getName());
    private static final int K = 96;
    private static final int BURST = 64;
    /** GFLOP/s for each column of a panel: interpreted vectors, or tiles that the compiler left half done, reach 0.2, others more than 1. */
    private static final double LEAST_PER_COLUMN = 0.4;

    private static final String AGAIN = "Start again; if it happens often, use a newer JDK.";
    private static final String WITHOUT_LIMIT = "Start java without -Xint and without -XX:TieredStopAtLevel.";

    /** On a machine that is busy otherwise the compiler itself may take seconds. */
    static final long PATIENCE_MILLIS = 30_000;

    /** What a measurement of that rate means for a tile as wide as that. */
    static KernelCheck of(double gigaflops, int panelWidth, long millis) {
        return new KernelCheck(gigaflops, millis, gigaflops < leastGigaflops(panelWidth));
    }

    /** Only compiled code is faster. */
    static double leastGigaflops(int panelWidth) {
        return LEAST_PER_COLUMN * panelWidth;
    }

    /** Runs the tile until three bursts in a row gain less than a tenth, or patience is at an end; at least once. */
    static KernelCheck measure(Lanes lanes, long patienceMillis, LongSupplier nanoTime) {
        int rows = lanes.tile().rows();
        int width = lanes.panelWidth();
        float[] a = new float[width * K];
        float[] b = new float[width * K];
        float[] c = new float[rows * width];
        Arrays.fill(a, 1e-3f);
        Arrays.fill(b, 1e-3f);
        long start = nanoTime.getAsLong();
        double best = 0;
        int unchanged = 0;
        do {
            long begin = nanoTime.getAsLong();
            double rate = burst(lanes, a, b, c, rows, width) / (nanoTime.getAsLong() - begin);
            unchanged = rate > leastGigaflops(width) && rate < 1.1 * best ? unchanged + 1 : 0;
            best = Math.max(best, rate);
        } while (unchanged < 3 && nanoTime.getAsLong() - start < patienceMillis * 1_000_000);
        return of(best, width, (nanoTime.getAsLong() - start) / 1_000_000);
    }

    /** Returns its floating-point operations. */
    private static double burst(Lanes lanes, float[] a, float[] b, float[] c, int rows, int width) {
        for (int i = 0; i < BURST; i++) {
            lanes.tile().kernel().run(a, 0, b, 0, c, 0, width, c, 0, width, K, rows);
        }
        return 2.0 * K * width * rows * BURST;
    }

    static KernelCheck warned(KernelCheck check) {
        if (check.isSlow()) {
            LOG.log(
                    Level.WARNING,
                    String.format(
                            "The vector kernel for matrix products runs at %.2f GFLOP/s: this JVM has not compiled it. Computing with plain "
                                    + "loops instead, whose last bits differ. %s",
                            check.gigaflops(), Jvm.current().optimizes() ? AGAIN : WITHOUT_LIMIT));
        }
        return check;
    }
}
