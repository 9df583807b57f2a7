package org.blockrecurrent.vit.image;

/**
 * Which source pixels make each target pixel along one axis, and with which weights. The weights of a target pixel sum
 * to 1 but for rounding; they are whole numbers of 2⁻²², as Pillow has them for 8-bit pictures.
 *
 * <pre>
 *   scale = source/target, stretch = max(scale, 1), centre = (i + ½)·scale
 *   taps from ⌊centre − support·stretch + ½⌋ to ⌊centre + support·stretch + ½⌋, clamped to the picture
 *   weight ∝ filter((tap − centre + ½) / stretch)
 * </pre>
 *
 * @param first of each target pixel, the first source pixel that counts
 * @param count of each target pixel, how many count
 * @param weights {@code stride} values for each target pixel, the first {@code count} of them in use
 */
record Taps(int[] first, int[] count, int[] weights, int stride) {
    /** Bits behind the point: 32, less 8 of a level and 2 for sums beyond 1. */
    static final int BITS = 32 - 8 - 2;

    /** The taps of target pixels {@code from} … {@code from + n − 1}, of {@code target} that {@code source} become. */
    static Taps of(Filter filter, int source, int target, int from, int n) {
        return filter == Filter.NEAREST || source == target
                ? nearest(source, target, from, n)
                : filtered(filter, source, target, from, n);
    }

    /** The first source pixel that any of these target pixels needs. */
    int start() {
        return first[0];
    }

    /** How many source pixels there are from the first to the last that any of these target pixels needs. */
    int extent() {
        int last = first.length - 1;
        return first[last] + count[last] - first[0];
    }

    /** True if the target pixels are the source pixels from the first one on: then there is nothing to compute. */
    boolean areIdentity() {
        return stride == 1 && extent() == first.length;
    }

    private static Taps filtered(Filter filter, int source, int target, int from, int n) {
        double scale = (double) source / target;
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        int stride = Math.multiplyExact((int) Math.ceil(support), 2) + 1;
        Taps taps = new Taps(new int[n], new int[n], new int[Math.multiplyExact(n, stride)], stride);
        double[] weights = new double[stride];
        for (int i = 0; i < n; i++) {
            double centre = (from + i + 0.5) * scale;
            int first = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(source, (int) (centre + support + 0.5)) - first;
            taps.first[i] = first;
            taps.count[i] = count;
            double sum = 0;
            for (int tap = 0; tap < count; tap++) {
                weights[tap] = filter.weight((tap + first - centre + 0.5) * (1 / stretch));
                sum += weights[tap];
            }
            for (int tap = 0; tap < count; tap++) {
                taps.weights[i * stride + tap] = fixed(sum == 0 ? weights[tap] : weights[tap] / sum);
            }
        }
        return taps;
    }

    /** Rounded half away from zero. */
    private static int fixed(double weight) {
        return (int) (Math.copySign(0.5, weight) + weight * (1 << BITS));
    }

    /** Positions are summed up step by step, as Pillow does: the same rounding decides between two pixels. */
    private static Taps nearest(int source, int target, int from, int n) {
        double step = (double) source / target;
        double position = step * 0.5;
        Taps taps = new Taps(new int[n], new int[n], new int[n], 1);
        for (int i = 0; i < from + n; i++, position += step) {
            if (i >= from) {
                taps.first[i - from] = Math.min(source - 1, (int) position);
                taps.count[i - from] = 1;
                taps.weights[i - from] = 1 << BITS;
            }
        }
        return taps;
    }
}
