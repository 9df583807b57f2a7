package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Unit vectors with classes: their sums by class, and the first of them themselves. */
final class ClassCloud {
    /** One class: the sum of its unit vectors, of their squared lengths (zero vectors stay zero), and their number. */
    private static final class Members {
        final double[] sum;
        double squares;
        long count;

        Members(int D) {
            sum = new double[D];
        }

        void add(double[] vector, double vectorSquares, long vectors) {
            for (int d = 0; d < sum.length; d++) {
                sum[d] += vector[d];
            }
            squares += vectorSquares;
            count += vectors;
        }
    }

    private final int D;
    private final int storedImages;
    private final Map<Integer, Members> classes = new TreeMap<>();
    private final List<float[]> stored = new ArrayList<>();
    private final List<Integer> storedLabels = new ArrayList<>();

    ClassCloud(int D, int storedImages) {
        this.D = D;
        this.storedImages = storedImages;
    }

    int embedDim() {
        return D;
    }

    void add(double[] unit, int label) {
        members(classes, label).add(unit, Directions.dot(unit, unit), 1);
        if (stored.size() < storedImages) {
            float[] copy = new float[D];
            for (int d = 0; d < D; d++) {
                copy[d] = (float) unit[d];
            }
            stored.add(copy);
            storedLabels.add(label);
        }
    }

    private Members members(Map<Integer, Members> byClass, int label) {
        return byClass.computeIfAbsent(label, unseen -> new Members(D));
    }

    void merge(ClassCloud next) {
        next.classes.forEach((label, theirs) -> members(classes, label).add(theirs.sum, theirs.squares, theirs.count));
        int room = Math.min(storedImages - stored.size(), next.stored.size());
        stored.addAll(next.stored.subList(0, room));
        storedLabels.addAll(next.storedLabels.subList(0, room));
    }

    /** Mean cosine over all pairs of one class; NaN if no class has two members. */
    double withinCosine() {
        double sum = 0;
        double pairs = 0;
        for (Members members : classes.values()) {
            sum += (Directions.dot(members.sum, members.sum) - members.squares) / 2;
            pairs += members.count * (members.count - 1) / 2.0;
        }
        return sum / pairs;
    }

    /** Mean cosine over all pairs of different classes; NaN if there is one class only. */
    double betweenCosine() {
        double[] total = new double[D];
        double own = 0;
        double count = 0;
        double ownPairs = 0;
        for (Members members : classes.values()) {
            for (int d = 0; d < D; d++) {
                total[d] += members.sum[d];
            }
            own += Directions.dot(members.sum, members.sum);
            count += members.count;
            ownPairs += (double) members.count * members.count;
        }
        return (Directions.dot(total, total) - own) / (count * count - ownPairs);
    }

    /** Number of images that {@link #nearestCentroidAccuracy} is a share of. */
    int judged() {
        return stored.size() / 2;
    }

    /** Centroids from the stored vectors at even places, judged on those at odd places; NaN if there are none. */
    double nearestCentroidAccuracy() {
        Map<Integer, Members> centroids = centroids();
        int correct = 0;
        for (int i = 1; i < stored.size(); i += 2) {
            correct += nearest(centroids, widened(stored.get(i))) == storedLabels.get(i) ? 1 : 0;
        }
        return judged() == 0 ? Double.NaN : (double) correct / judged();
    }

    private Map<Integer, Members> centroids() {
        Map<Integer, Members> centroids = new TreeMap<>();
        for (int i = 0; i < stored.size(); i += 2) {
            members(centroids, storedLabels.get(i)).add(widened(stored.get(i)), 1, 1);
        }
        return centroids;
    }

    private static int nearest(Map<Integer, Members> centroids, double[] vector) {
        int nearest = -1;
        double best = Double.NEGATIVE_INFINITY;
        for (Map.Entry<Integer, Members> centroid : centroids.entrySet()) {
            double[] sum = centroid.getValue().sum;
            double cosine = Directions.dot(sum, vector) / Directions.norm(sum);
            if (cosine > best) {
                best = cosine;
                nearest = centroid.getKey();
            }
        }
        return nearest;
    }

    private static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int d = 0; d < wide.length; d++) {
            wide[d] = values[d];
        }
        return wide;
    }
}
