package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Marks of an axis at round numbers, from {@code low} to {@code high} in steps of 1, 2 or 5 times a power of ten.
 *
 * @param decimals how many decimals the labels need
 */
record Ticks(double low, double high, double step, int decimals) {

    /** About {@code count} marks that enclose the given range. */
    static Ticks around(double from, double to, int count) {
        double span = to > from ? to - from : Math.max(Math.abs(from), 1) / 2;
        double middle = to > from ? 0 : span / 2; // a flat range is opened to both sides
        double step = niceStep(span / count);
        double low = Math.floor((from - middle) / step + 1e-9) * step;
        double high = Math.ceil((to + middle) / step - 1e-9) * step;
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return new Ticks(low, high, step, decimals);
    }

    /** Marks at whole numbers within the given range, which is kept as it is. */
    static Ticks whole(double from, double to, int count) {
        double step = Math.max(1, niceStep((to - from) / count));
        double margin = to > from ? 0 : 0.5;
        return new Ticks(from - margin, to + margin, step, 0);
    }

    private static double niceStep(double rough) {
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    List<Double> values() {
        List<Double> values = new ArrayList<>();
        long first = (long) Math.ceil(low / step - 1e-9);
        for (long i = first; i * step <= high + 1e-9 * step; i++) {
            values.add(i * step);
        }
        return values;
    }

    String label(double value) {
        return Text.fixed(value, decimals);
    }
}
