package org.blockrecurrent.tensor.random;

import java.nio.charset.StandardCharsets;

/**
 * Philox 4x32-10 (Salmon et al., <i>Parallel random numbers: as easy as 1, 2, 3</i>, SC 2011): ten rounds turn a 128-bit
 * counter and a 64-bit key into 128 random bits. The key is the seed; the counter is (index low, index high, step,
 * stream). The same numbers come out in any order, on any number of threads, on any device, and after a resume.
 */
public final class Philox {
    private static final int M0 = 0xD2511F53;
    private static final int M1 = 0xCD9E8D57;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final double TWO_TO_MINUS_53 = 0x1p-53;
    private static final float TWO_TO_MINUS_24 = 0x1p-24f;

    private final long seed;
    private final int stream;
    private final int step;

    public Philox(long seed, int stream, int step) {
        this.seed = seed;
        this.stream = stream;
        this.step = step;
    }

    /** The stream that belongs to a name, at step 0. */
    public static Philox stream(long seed, String name) {
        return new Philox(seed, streamOf(name), 0);
    }

    /** The number of the stream that belongs to a name: FNV-1a of its bytes. */
    public static int streamOf(String name) {
        int hash = 0x811C9DC5;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x01000193;
        }
        return hash;
    }

    /** 24 uniform bits in [0, 1) as a float: what kernels draw, the same bits on every device. */
    public static float uniform(long seed, int stream, int step, int index) {
        return (word(seed, stream, step, index, 0) >>> 8) * TWO_TO_MINUS_24;
    }

    /** Uniform in [0, 1), 53 bits. */
    public double uniform(long index) {
        long high = word(seed, stream, step, index, 0) >>> 5;
        long low = word(seed, stream, step, index, 1) >>> 6;
        return (high * (1L << 26) + low) * TWO_TO_MINUS_53;
    }

    /** Standard normal, by the Box–Muller transform. */
    public double normal(long index) {
        double radius = Math.sqrt(-2 * Math.log(1 - uniform(index)));
        long high = word(seed, stream, step, index, 2) & 0xFFFFFFFFL;
        return radius * StrictMath.cos(2 * Math.PI * high * 0x1p-32);
    }

    /** Standard normal, drawn again while it is more than 2 from the mean. */
    public double truncatedNormal(long index) {
        for (int attempt = 0; ; attempt++) {
            double x = normal(index + ((long) attempt << 40));
            if (Math.abs(x) <= 2) {
                return x;
            }
        }
    }

    /** Uniform in 0 … bound−1. */
    public int below(int bound, long index) {
        return (int) (uniform(index) * bound);
    }

    /** A permutation of 0 … n−1 (Fisher and Yates). */
    public int[] permutation(int n) {
        return permutation(n, 0);
    }

    /** As {@link #permutation(int)}, drawn from the numbers at {@code index} and on. */
    public int[] permutation(int n, long index) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1, index + i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** One of the four words of the block at a counter. */
    static int word(long seed, int stream, int step, long index, int which) {
        int c0 = (int) index;
        int c1 = (int) (index >>> 32);
        int c2 = step;
        int c3 = stream;
        int k0 = (int) seed;
        int k1 = (int) (seed >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long p0 = (M0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
            long p1 = (M1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
            int n0 = (int) (p1 >>> 32) ^ c1 ^ k0;
            int n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
            c1 = (int) p1;
            c3 = (int) p0;
            c0 = n0;
            c2 = n2;
            k0 += W0;
            k1 += W1;
        }
        return switch (which) {
            case 0 -> c0;
            case 1 -> c1;
            case 2 -> c2;
            default -> c3;
        };
    }
}
