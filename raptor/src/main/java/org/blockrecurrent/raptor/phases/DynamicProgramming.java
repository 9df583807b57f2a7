package org.blockrecurrent.raptor.phases;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The exact optimum over contiguous partitions: the smallest sum of dissimilarities inside phases, which is the heaviest
 * cut between them. With {@code cost[k][n]} the least sum for the first n layers in k phases,
 *
 * <pre>
 *   cost[k][n] = min over m of cost[k−1][m] + within(m+1 … n)
 * </pre>
 *
 * O(k L²) after the O(L³) table of sums inside phases. The paper is said to solve this problem; for DINOv2-B and k = 3 its
 * optimum, 1–5|6–9|10–12, is not the published partition. Ties go to the earliest cuts.
 *
 * @param minLength the least number of layers of a phase
 */
public record DynamicProgramming(int minLength) implements PhaseSplitter {
    @Override
    public String name() {
        return "dp";
    }

    @Override
    public Phases split(DissimilarityMatrix dissimilarity, int k) {
        int L = dissimilarity.layers();
        PhaseSplitter.requireRoom(L, k, minLength);
        double[][] cost = new double[k + 1][L + 1];
        int[][] cutBefore = new int[k + 1][L + 1];
        for (double[] row : cost) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        cost[0][0] = 0;
        for (int n = minLength; n <= L; n++) {
            for (int m = 0; m <= n - minLength; m++) {
                double within = dissimilarity.within(new Phase(m + 1, n));
                for (int phases = 1; phases <= k; phases++) {
                    if (cost[phases - 1][m] + within < cost[phases][n]) {
                        cost[phases][n] = cost[phases - 1][m] + within;
                        cutBefore[phases][n] = m;
                    }
                }
            }
        }
        return trace(cutBefore, k, L);
    }

    private static Phases trace(int[][] cutBefore, int k, int L) {
        Deque<Integer> ends = new ArrayDeque<>();
        for (int phases = k, n = L; phases > 0; n = cutBefore[phases--][n]) {
            ends.addFirst(n);
        }
        return Phases.endingAt(ends.stream().mapToInt(Integer::intValue).toArray());
    }
}
