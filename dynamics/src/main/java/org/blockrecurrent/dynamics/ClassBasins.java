package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether images of one class end in a common region of directions. For every layer, and for two vectors an image (the
 * direction of cls, and the mean direction of its patches, made unit length):
 *
 * <pre>
 *   within-class cosine    mean of ⟨û_i, û_j⟩ over all pairs i ≠ j of one class
 *   between-class cosine   mean of ⟨û_i, û_j⟩ over all pairs of different classes
 *   within-, between-class angle   arccos of these means, in degrees
 *   nearest-centroid accuracy      share of images whose nearest class centroid, by cosine, is their own
 * </pre>
 *
 * The paper (arXiv 2512.19941) speaks of compact, class-dependent angular basins and shows them; its metric is not public, this
 * one is ours. The mean cosines are exact over the whole stream, from sums alone: with S_c the sum of the n_c unit vectors of a
 * class, the pairs of a class add up to {@code (‖S_c‖² − Σ‖û_i‖²) / 2}, and the pairs of two classes to ⟨S_c, S_d⟩.
 *
 * <p>The accuracy needs the vectors themselves: those of the first {@value #STORED_IMAGES} images of the stream are stored (2·D
 * floats an image and layer). Images at even places of the stream make the centroids, images at odd places are judged, so a
 * stream that is ordered by class serves too.
 */
public final class ClassBasins implements Measure {
    /** Images whose vectors are kept for the nearest-centroid accuracy. */
    public static final int STORED_IMAGES = 4096;

    public static final String WITHIN_COSINE = "within-class-cosine";
    public static final String BETWEEN_COSINE = "between-class-cosine";
    public static final String WITHIN_ANGLE = "within-class-angle";
    public static final String BETWEEN_ANGLE = "between-class-angle";
    public static final String ACCURACY = "nearest-centroid-accuracy";
    public static final String MEAN_PATCH = "mean-patch";

    private static final List<String> TOKENS = List.of("cls", MEAN_PATCH);

    /** By token kind, then by layer. */
    private final List<List<ClassCloud>> clouds = List.of(new ArrayList<>(), new ArrayList<>());

    private long images;

    @Override
    public String name() {
        return "class-basins";
    }

    @Override
    public void accept(HostTrajectory states, int[] labels) {
        if (labels.length != states.batch()) {
            throw new IllegalArgumentException("class basins need a label an image: " + labels.length + " labels for "
                    + states.batch() + " images");
        }
        grow(states.layers() + 1, states.embedDim());
        double[] cls = new double[states.embedDim()];
        for (int layer = 0; layer <= states.layers(); layer++) {
            for (int image = 0; image < states.batch(); image++) {
                states.direction(layer, image, 0, cls);
                clouds.get(0).get(layer).add(cls, labels[image]);
                clouds.get(1).get(layer).add(unit(TokenCoherence.meanDirection(states, layer, image)), labels[image]);
            }
        }
        images += states.batch();
    }

    private void grow(int layers, int D) {
        for (List<ClassCloud> byLayer : clouds) {
            while (byLayer.size() < layers) {
                byLayer.add(new ClassCloud(D, STORED_IMAGES));
            }
        }
    }

    private static double[] unit(double[] vector) {
        double norm = Directions.norm(vector);
        for (int d = 0; d < vector.length && norm > 0; d++) {
            vector[d] /= norm;
        }
        return vector;
    }

    @Override
    public void merge(Measure other) {
        ClassBasins next = Measure.sameKind(ClassBasins.class, other);
        for (int kind = 0; kind < clouds.size(); kind++) {
            List<ClassCloud> theirs = next.clouds.get(kind);
            if (!theirs.isEmpty()) {
                grow(theirs.size(), theirs.get(0).embedDim());
            }
            for (int layer = 0; layer < theirs.size(); layer++) {
                clouds.get(kind).get(layer).merge(theirs.get(layer));
            }
        }
        images += next.images;
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        List<MeasureTable.Row> rows = new ArrayList<>();
        for (int kind = 0; kind < clouds.size(); kind++) {
            List<ClassCloud> byLayer = clouds.get(kind);
            for (int layer = 0; layer < byLayer.size(); layer++) {
                addRows(rows, model, layer, TOKENS.get(kind), byLayer.get(layer));
            }
        }
        return rows;
    }

    private void addRows(List<MeasureTable.Row> rows, String model, int layer, String tokens, ClassCloud cloud) {
        double within = cloud.withinCosine();
        double between = cloud.betweenCosine();
        rows.add(new MeasureTable.Row(WITHIN_COSINE, "", model, layer, tokens, within, "cosine", images));
        rows.add(new MeasureTable.Row(BETWEEN_COSINE, "", model, layer, tokens, between, "cosine", images));
        rows.add(new MeasureTable.Row(WITHIN_ANGLE, "", model, layer, tokens, degrees(within), "degrees", images));
        rows.add(new MeasureTable.Row(BETWEEN_ANGLE, "", model, layer, tokens, degrees(between), "degrees", images));
        rows.add(new MeasureTable.Row(
                ACCURACY, "", model, layer, tokens, cloud.nearestCentroidAccuracy(), "fraction", cloud.judged()));
    }

    private static double degrees(double cosine) {
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }
}
