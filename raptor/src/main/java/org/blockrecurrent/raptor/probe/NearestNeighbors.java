package org.blockrecurrent.raptor.probe;

import java.util.PriorityQueue;
import org.blockrecurrent.raptor.evaluation.ArgMax;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.op.MatmulOp;

/**
 * Classifies by the k nearest training images, without training anything: what the geometry of frozen features says by itself.
 * Nearness is the cosine; each neighbour votes for its class with weight {@code exp(cosine / 0.07)}. Among equals the earlier
 * image, or class, comes first.
 *
 * <p>Source: the k-NN evaluation of DINO (arXiv 2104.14294, section 4), which takes k = 20.
 */
public final class NearestNeighbors {
    private static final double TEMPERATURE = 0.07;
    private static final double SMALLEST_NORM = 1e-12;
    private static final int BATCH = 256;

    private final Backend backend;
    private final Features known;
    private final float[] directions;
    private final int k;

    /**
     * @param known training images
     * @param k how many of them vote; all if there are fewer
     */
    public NearestNeighbors(Backend backend, Features known, int k) {
        if (k < 1) {
            throw new InvalidInputException("k nearest neighbours: k must be at least 1, got " + k);
        }
        this.backend = backend;
        this.known = known;
        this.k = Math.min(k, known.count());
        directions = directions(known.range(0, known.count()), known.width());
    }

    /** Share of images for whose class the neighbours vote. */
    public double accuracy(Features features) {
        if (features.width() != known.width()) {
            throw new InvalidInputException(
                    "the neighbours have " + known.width() + " features, the images " + features.width());
        }
        int right = 0;
        try (Scope scope = backend.openScope()) {
            Tensor all = backend.tensor(Shape.of(known.count(), known.width()), directions);
            for (int from = 0; from < features.count(); from += BATCH) {
                int to = Math.min(features.count(), from + BATCH);
                right += right(features, from, to, all);
            }
        }
        return (double) right / features.count();
    }

    private int right(Features features, int from, int to, Tensor all) {
        try (Scope scope = backend.openScope()) {
            float[] rows = directions(features.range(from, to), features.width());
            Tensor asked = backend.tensor(Shape.of(to - from, features.width()), rows);
            float[] cosines = MatmulOp.forward(asked, all, Layout.TN).toArray();
            int right = 0;
            for (int i = 0; i < to - from; i++) {
                right += vote(cosines, i * known.count()) == features.labels()[from + i] ? 1 : 0;
            }
            return right;
        }
    }

    /** The class with the heaviest vote among the k largest of the n cosines from an offset on. */
    private int vote(float[] cosines, int offset) {
        PriorityQueue<Integer> nearest = new PriorityQueue<>((a, b) -> cosines[offset + a] != cosines[offset + b]
                ? Float.compare(cosines[offset + a], cosines[offset + b])
                : Integer.compare(b, a));
        for (int image = 0; image < known.count(); image++) {
            nearest.add(image);
            if (nearest.size() > k) {
                nearest.poll();
            }
        }
        float[] votes = new float[known.classes()];
        nearest.stream()
                .sorted()
                .forEach(image ->
                        votes[known.labels()[image]] += (float) Math.exp((cosines[offset + image] - 1) / TEMPERATURE));
        return ArgMax.ofRows(votes, votes.length)[0];
    }

    /** Every row divided by its length. */
    private static float[] directions(float[] rows, int width) {
        for (int row = 0; row < rows.length; row += width) {
            double squares = 0;
            for (int i = row; i < row + width; i++) {
                squares += (double) rows[i] * rows[i];
            }
            double scale = 1 / Math.max(SMALLEST_NORM, Math.sqrt(squares));
            for (int i = row; i < row + width; i++) {
                rows[i] = (float) (rows[i] * scale);
            }
        }
        return rows;
    }
}
