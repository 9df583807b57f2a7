package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.Phase;

/**
 * Every split of a matrix's layers into k phases of at least some layers, and the best of them by an objective. S is a split,
 * within(S) the sum over pairs of layers inside a phase, p(S) their number, T and P the same of all layers.
 */
final class ContiguousSplits {
    /** Sums of the same numbers in another order. */
    private static final double TIE = 1e-11;

    private final double[][] within;
    private final int layers;
    private final int minLength;

    /** What is made as large or as small as possible. */
    enum Objective {
        /** T − within(S), as large as possible. */
        MAX_CUT,
        /** (T − within(S)) / (P − p(S)), as large as possible. */
        MAX_MEAN_BETWEEN,
        /** within(S) / p(S), as small as possible; 0 if there are no pairs. */
        MIN_MEAN_WITHIN,
        /** Mean over phases of the mean over their pairs, as small as possible; a phase of one layer counts 0. */
        MIN_MEAN_OF_PHASE_MEANS;

        private boolean isMaximum() {
            return this == MAX_CUT || this == MAX_MEAN_BETWEEN;
        }
    }

    /**
     * @param ends of every optimal split, the last layer of all phases but the last
     */
    record Best(double value, List<String> ends) {}

    ContiguousSplits(DissimilarityMatrix matrix, int minLength) {
        layers = matrix.layers();
        this.minLength = minLength;
        within = new double[layers + 1][layers + 1];
        for (int first = 1; first <= layers; first++) {
            for (int last = first; last <= layers; last++) {
                within[first - 1][last] = matrix.within(new Phase(first, last));
            }
        }
    }

    /** The best value of an objective over all splits into k phases, and every split that has it. */
    Best best(Objective objective, int k) {
        List<int[]> splits = new ArrayList<>();
        collect(new int[k + 1], 1, splits);
        double best = objective.isMaximum() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        for (int[] bounds : splits) {
            double value = value(objective, bounds);
            best = objective.isMaximum() ? Math.max(best, value) : Math.min(best, value);
        }
        List<String> ends = new ArrayList<>();
        for (int[] bounds : splits) {
            if (Math.abs(value(objective, bounds) - best) < TIE) {
                ends.add(Arrays.toString(Arrays.copyOfRange(bounds, 1, k)));
            }
        }
        return new Best(best, ends);
    }

    /** Bounds 0 = b₀ < b₁ < … < b_k = L, of which the first {@code set} are chosen. */
    private void collect(int[] bounds, int set, List<int[]> into) {
        if (set == bounds.length - 1) {
            bounds[set] = layers;
            if (layers - bounds[set - 1] >= minLength) {
                into.add(bounds.clone());
            }
            return;
        }
        for (int end = bounds[set - 1] + minLength; end < layers; end++) {
            bounds[set] = end;
            collect(bounds, set + 1, into);
        }
    }

    private double value(Objective objective, int[] bounds) {
        double inside = 0;
        double means = 0;
        int pairs = 0;
        for (int phase = 1; phase < bounds.length; phase++) {
            double sum = within[bounds[phase - 1]][bounds[phase]];
            int ofPhase = pairs(bounds[phase] - bounds[phase - 1]);
            inside += sum;
            pairs += ofPhase;
            means += ofPhase == 0 ? 0 : sum / ofPhase;
        }
        double total = within[0][layers];
        return switch (objective) {
            case MAX_CUT -> total - inside;
            case MAX_MEAN_BETWEEN -> (total - inside) / (pairs(layers) - pairs);
            case MIN_MEAN_WITHIN -> pairs == 0 ? 0 : inside / pairs;
            case MIN_MEAN_OF_PHASE_MEANS -> means / (bounds.length - 1);
        };
    }

    private static int pairs(int n) {
        return n * (n - 1) / 2;
    }
}
