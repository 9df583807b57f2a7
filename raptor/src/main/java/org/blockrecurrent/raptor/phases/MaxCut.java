package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * The released algorithm ({@code recursive_max_cut} of raptor/max_cut_dinov2_base.ipynb): a cluster is divided by its exact
 * max-cut, found by trying all 2^(n−1) divisions, if it has at least {@code 2 · minSize} members and the cut weighs more
 * than eps; then the same for its parts. Nothing asks for contiguity, parts may have a single member, and the order in
 * which clusters are divided does not change the result. Up to 26 layers.
 *
 * @param minSize half the size of the smallest cluster that is still divided; 2 as published
 */
public record MaxCut(int minSize) implements PhaseSplitter {
    /** The published min_size. */
    public static final int PUBLISHED_MIN_SIZE = 2;

    private static final int LARGEST = 26;
    private static final double TIE = 1e-12;

    @Override
    public String name() {
        return "max-cut";
    }

    /**
     * The clusters at a threshold, in order of their first layers.
     *
     * @param epsFraction eps as a fraction of the total weight; published: 0.20, 0.10 and 0.09 for k = 2, 3 and 4
     */
    public LayerAssignment clusters(DissimilarityMatrix dissimilarity, double epsFraction) {
        return divisions(dissimilarity).clusters(epsFraction);
    }

    /** The clusters for the eps that gives k of them; throws {@link InvalidInputException} if no eps does. */
    public LayerAssignment clusters(DissimilarityMatrix dissimilarity, int k) {
        return divisions(dissimilarity).clusters(k);
    }

    /** All divisions, whatever eps: the search is done once for every eps and k that is asked for. */
    public Divisions divisions(DissimilarityMatrix dissimilarity) {
        Divisions.Cluster root = divide(dissimilarity, all(dissimilarity), Double.POSITIVE_INFINITY);
        return new Divisions(root, dissimilarity.layers(), dissimilarity.totalWeight());
    }

    @Override
    public Phases split(DissimilarityMatrix dissimilarity, int k) {
        LayerAssignment clusters = clusters(dissimilarity, k);
        if (clusters instanceof Phases phases) {
            return phases;
        }
        throw new ScatteredClustersException(clusters);
    }

    private Divisions.Cluster divide(DissimilarityMatrix dissimilarity, int[] members, double parentThreshold) {
        if (members.length < 2 * minSize || members.length < 2) {
            return new Divisions.Cluster(members, 0, null, null);
        }
        Search search = new Search(dissimilarity, members);
        double threshold = Math.min(parentThreshold, search.best);
        return new Divisions.Cluster(
                members,
                threshold,
                divide(dissimilarity, search.members(false), threshold),
                divide(dissimilarity, search.members(true), threshold));
    }

    private static int[] all(DissimilarityMatrix dissimilarity) {
        if (dissimilarity.layers() > LARGEST) {
            throw new InvalidInputException("max-cut tries every division and takes at most " + LARGEST
                    + " layers, got " + dissimilarity.layers() + "; choose --splitter bisection or dp");
        }
        int[] layers = new int[dissimilarity.layers()];
        Arrays.setAll(layers, i -> i + 1);
        return layers;
    }

    /**
     * The exact max-cut of a cluster: every division with the first member on the left, in counting order with the second
     * member as the most significant bit; of equal cuts the first.
     */
    private static final class Search {
        private final double[][] weights;
        private final int[] members;
        private final boolean[] right;
        private boolean[] bestRight;
        private double best = Double.NEGATIVE_INFINITY;

        Search(DissimilarityMatrix dissimilarity, int[] members) {
            this.members = members;
            right = new boolean[members.length];
            weights = new double[members.length][members.length];
            for (int i = 0; i < members.length; i++) {
                for (int j = 0; j < members.length; j++) {
                    weights[i][j] = dissimilarity.between(members[i], members[j]);
                }
            }
            place(1, 0);
        }

        private void place(int vertex, double cut) {
            if (vertex == members.length) {
                if (cut > best + TIE) {
                    best = cut;
                    bestRight = right.clone();
                }
                return;
            }
            double toLeft = 0;
            double toRight = 0;
            for (int i = 0; i < vertex; i++) {
                toLeft += right[i] ? 0 : weights[vertex][i];
                toRight += right[i] ? weights[vertex][i] : 0;
            }
            right[vertex] = false;
            place(vertex + 1, cut + toRight);
            right[vertex] = true;
            place(vertex + 1, cut + toLeft);
        }

        int[] members(boolean side) {
            List<Integer> chosen = new ArrayList<>();
            for (int i = 0; i < members.length; i++) {
                if (bestRight[i] == side) {
                    chosen.add(members[i]);
                }
            }
            return chosen.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
