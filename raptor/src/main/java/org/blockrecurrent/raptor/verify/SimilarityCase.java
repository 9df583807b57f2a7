package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.LayerDissimilarity;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.MeanTokensOp;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/**
 * {@code similarity}: how unlike the layers of some activations (L, B, N, D) are, as the released notebook measures it: the
 * cosine distance, and beside it the mean-square difference and the norms of cls and mean patch.
 */
final class SimilarityCase {
    static final String NAME = "similarity";

    /** The official float run is 5e-8 from double; the golden values' README asks for 1e-6. */
    private static final double TOLERANCE = 1e-6;

    private static final String ACTIVATIONS = "activations";
    private static final int FIRST_BATCH = 4;
    private static final double SMALLEST_NORM = 1e-8;

    private final Case of;
    private final GoldenTensors golden;
    private final int L;
    private final int B;
    private final TokenLayout layout;

    private SimilarityCase(Case of, GoldenTensors golden) {
        this.of = of;
        this.golden = golden;
        int[] dims = golden.shape(ACTIVATIONS);
        L = dims[0];
        B = dims[1];
        layout = GoldenTensors.layout(dims[2]);
    }

    static void verify(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            SimilarityCase similarity = new SimilarityCase(of, golden);
            similarity.distances();
            similarity.perImageAndKind();
            of.allUsed(golden);
        }
    }

    private void distances() {
        LayerDissimilarity dissimilarity = new LayerDissimilarity();
        dissimilarity.accept(images(0, Math.min(FIRST_BATCH, B)));
        compare("official/cosine_distance_first_batch_only", dissimilarity.result());
        if (B > FIRST_BATCH) {
            dissimilarity.accept(images(FIRST_BATCH, B));
        }
        compare("official/cosine_distance", dissimilarity.result());
        compare("f64/cosine_distance", dissimilarity.result());
    }

    /** Some images' states; the embedding, which must not count, is the last layer's. */
    private Trajectory images(int from, int to) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = L; layer <= 2 * L; layer++) {
            states.add(state(layer == L ? L - 1 : layer - L - 1, from, to));
        }
        return new Trajectory(states, layout);
    }

    private Tensor state(int layer, int from, int to) {
        int[] dims = golden.shape(ACTIVATIONS);
        int image = dims[2] * dims[3];
        double[] all = golden.doubles(ACTIVATIONS);
        int start = (layer * B + from) * image;
        float[] values = GoldenTensors.floats(Arrays.copyOfRange(all, start, start + (to - from) * image));
        return of.backend().tensor(Shape.of(to - from, dims[2], dims[3]), values);
    }

    private void compare(String key, DissimilarityMatrix matrix) {
        double[] got = new double[L * L];
        for (int i = 0; i < L; i++) {
            for (int j = 0; j < L; j++) {
                got[i * L + j] = matrix.between(i + 1, j + 1);
            }
        }
        of.checks().within(of.name(key), got, golden.doubles(key), TOLERANCE);
    }

    /** [kind][layer]: the vectors (B, D) of cls and of the mean patch. */
    private double[][][] vectors() {
        double[][][] vectors = new double[2][L][];
        for (int layer = 0; layer < L; layer++) {
            Tensor state = state(layer, 0, B);
            vectors[0][layer] = state.tokens(0, 1).toDoubles();
            vectors[1][layer] = MeanTokensOp.forward(state, layout.firstPatch(), layout.tokens())
                    .toDoubles();
        }
        return vectors;
    }

    private void perImageAndKind() {
        int D = golden.shape(ACTIVATIONS)[3];
        double[][][] vectors = vectors();
        double[] distance = new double[B * 2 * L * L];
        double[] mse = new double[L * L];
        double[] norm = new double[L];
        for (int image = 0; image < B; image++) {
            for (int kind = 0; kind < 2; kind++) {
                for (int i = 0; i < L; i++) {
                    double[] a = Arrays.copyOfRange(vectors[kind][i], image * D, (image + 1) * D);
                    norm[i] += Math.sqrt(dot(a, a)) / (2 * B);
                    for (int j = 0; j < L; j++) {
                        double[] b = Arrays.copyOfRange(vectors[kind][j], image * D, (image + 1) * D);
                        distance[((image * 2 + kind) * L + i) * L + j] = distance(a, b);
                        mse[i * L + j] += (dot(a, a) - 2 * dot(a, b) + dot(b, b)) / (2 * B * D);
                    }
                }
            }
        }
        of.checks()
                .within(
                        of.name("f64/cosine_distance_per_image_and_kind"),
                        distance,
                        golden.doubles("f64/cosine_distance_per_image_and_kind"),
                        TOLERANCE);
        of.checks().compare(of.name("official/mse"), mse, golden.doubles("official/mse"), TOLERANCE);
        of.checks().compare(of.name("official/norm"), norm, golden.doubles("official/norm"), TOLERANCE);
    }

    private static double distance(double[] a, double[] b) {
        double norms = Math.max(SMALLEST_NORM, Math.sqrt(dot(a, a))) * Math.max(SMALLEST_NORM, Math.sqrt(dot(b, b)));
        return 1 - Math.max(-1, Math.min(1, dot(a, b) / norms));
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }
}
