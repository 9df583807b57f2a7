package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/** How {@link MaxCut} divides the layers of a matrix into ever more clusters as its threshold eps falls. */
public final class Divisions {
    private final Cluster root;
    private final int layers;
    private final double totalWeight;

    /**
     * A cluster and how it would be divided.
     *
     * @param threshold the eps below which it is divided: its own cut, or that of the cluster it came from if lighter
     * @param left null if it is too small to be divided
     */
    record Cluster(int[] members, double threshold, Cluster left, Cluster right) {
        private void thresholds(List<Double> into) {
            if (left != null) {
                into.add(threshold);
                left.thresholds(into);
                right.thresholds(into);
            }
        }

        private void collect(double eps, List<int[]> clusters) {
            if (left == null || !(threshold > eps)) {
                clusters.add(members);
            } else {
                left.collect(eps, clusters);
                right.collect(eps, clusters);
            }
        }
    }

    Divisions(Cluster root, int layers, double totalWeight) {
        this.root = root;
        this.layers = layers;
        this.totalWeight = totalWeight;
    }

    /** The clusters at an eps, as a fraction of the total weight, in order of their first layers. */
    public LayerAssignment clusters(double epsFraction) {
        return at(epsFraction * totalWeight);
    }

    /** The clusters for the eps that gives k of them; throws {@link InvalidInputException} if no eps does. */
    public LayerAssignment clusters(int k) {
        List<Double> thresholds = sortedThresholds();
        boolean reachable = k >= 1 && k <= thresholds.size() + 1;
        boolean tied = reachable && k >= 2 && k <= thresholds.size() && thresholds.get(k - 2) <= thresholds.get(k - 1);
        if (!reachable || tied) {
            throw new InvalidInputException("max-cut: no threshold eps gives " + k + " clusters of these " + layers
                    + " layers; choose --splitter bisection or dp, or another k");
        }
        return at(k <= thresholds.size() ? thresholds.get(k - 1) : Double.NEGATIVE_INFINITY);
    }

    /**
     * The eps, as fractions of the total weight, below which one cluster more is divided, the largest first: an eps that n of
     * them exceed gives n + 1 clusters.
     */
    public double[] thresholds() {
        return sortedThresholds().stream()
                .mapToDouble(threshold -> threshold / totalWeight)
                .toArray();
    }

    private List<Double> sortedThresholds() {
        List<Double> thresholds = new ArrayList<>();
        root.thresholds(thresholds);
        thresholds.sort(Comparator.reverseOrder());
        return thresholds;
    }

    private LayerAssignment at(double eps) {
        List<int[]> clusters = new ArrayList<>();
        root.collect(eps, clusters);
        clusters.sort(Comparator.comparingInt(members -> members[0]));
        int[] blocks = new int[layers];
        for (int[] members : clusters) {
            for (int layer : members) {
                blocks[layer - 1] = clusters.indexOf(members);
            }
        }
        return LayerAssignment.of(blocks);
    }
}
