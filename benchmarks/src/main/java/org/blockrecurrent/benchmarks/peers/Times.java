package org.blockrecurrent.benchmarks.peers;

import java.util.Arrays;

/** Milliseconds of one peer at one task: the median of each round. */
record Times(double[] rounds) {
    static Times of(double... rounds) {
        return new Times(rounds);
    }

    double median() {
        return median(rounds);
    }

    double least() {
        return Arrays.stream(rounds).min().orElseThrow();
    }

    double most() {
        return Arrays.stream(rounds).max().orElseThrow();
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
