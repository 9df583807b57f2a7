package org.blockrecurrent.raptor.evaluation;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/**
 * The share of the teacher's variance that a surrogate's trajectory explains, at every depth and for every token group:
 *
 * <pre>
 *   R²_ℓ = 1 − Σ ‖x̃_ℓ − x_ℓ‖² / Σ ‖x_ℓ − mean(x_ℓ)‖²
 * </pre>
 *
 * <p>Sums run over images and over the tokens of the group; the mean is the teacher's, one number for each channel. So R² is
 * 0 for a surrogate that always answers with the teacher's mean token, and may be negative. The embedding, which is copied,
 * is not counted. The published numbers are of another form: {@link #officialGlobalR2()}.
 *
 * <p>Streams: {@code accept} each batch, then ask. Sums are in double precision.
 */
public final class TrajectoryR2 {
    private TokenLayout layout;
    private Layer[] layers;

    /** Adds a batch. Both trajectories hold the states x₀ … x_L of the same images. */
    public void accept(Trajectory teacher, Trajectory surrogate) {
        TrajectoryPair.require(teacher, surrogate);
        if (layers == null) {
            layout = teacher.layout();
            layers = new Layer[teacher.layers() + 1];
            for (int layer = 0; layer < layers.length; layer++) {
                layers[layer] = new Layer(layout, teacher.embedDim());
            }
        }
        if (layers.length != teacher.layers() + 1 || !layout.equals(teacher.layout())) {
            throw new InvalidInputException("R²: a trajectory of another model than the first");
        }
        for (int layer = 0; layer < layers.length; layer++) {
            layers[layer].accept(
                    teacher.state(layer).toArray(), surrogate.state(layer).toArray());
        }
    }

    /** L. */
    public int depth() {
        return layers.length - 1;
    }

    /** The token groups that the layout has. */
    public List<TokenGroup> groups() {
        return layout.groups();
    }

    /** R²_ℓ of a token group, ℓ in 1 … L; NaN if the layout has none. */
    public double of(int layer, TokenGroup group) {
        Sums sums = layers[layer].groups.get(group);
        if (sums == null) {
            return Double.NaN;
        }
        return 1 - sums.squaredError / sums.variation();
    }

    /** Mean over images, tokens of the group and channels of the squared error at ℓ in 1 … L; NaN if the layout has none. */
    public double meanSquaredError(int layer, TokenGroup group) {
        Sums sums = layers[layer].groups.get(group);
        return sums == null ? Double.NaN : sums.squaredError / ((double) sums.tokens * sums.sum.length);
    }

    /** R²_ℓ of all tokens; the mean is taken per group and channel, so that groups do not explain one another. */
    public double of(int layer) {
        double error = 0;
        double variation = 0;
        for (Sums sums : layers[layer].groups.values()) {
            error += sums.squaredError;
            variation += sums.variation();
        }
        return 1 - error / variation;
    }

    /** Mean of R²_ℓ of all tokens over ℓ = 1 … L. */
    public double mean() {
        double sum = 0;
        for (int layer = 1; layer <= depth(); layer++) {
            sum += of(layer);
        }
        return sum / depth();
    }

    /** Mean of R²_ℓ of a token group over ℓ = 1 … L. */
    public double mean(TokenGroup group) {
        double sum = 0;
        for (int layer = 1; layer <= depth(); layer++) {
            sum += of(layer, group);
        }
        return sum / depth();
    }

    /**
     * The published number (overcomplete.metrics.r2_score as raptor/imagenet_probes/101_eval_error_bars.ipynb calls it), with
     * its oddities: all depths together and the exactly copied embedding among them, the <em>prediction's</em> variance, about
     * one scalar mean, plus 1e-6.
     */
    public double officialGlobalR2() {
        OfficialSums all = new OfficialSums();
        for (Layer layer : layers) {
            all.add(layer.official);
        }
        return all.r2();
    }

    /** As {@link #officialGlobalR2()}, of one depth alone; at L this is what the official trainer logs. */
    public double officialR2(int layer) {
        return layers[layer].official.r2();
    }

    /** The sums of one depth. */
    private static final class Layer {
        private final TokenLayout layout;
        private final int embedDim;
        private final Map<TokenGroup, Sums> groups = new EnumMap<>(TokenGroup.class);
        private final OfficialSums official = new OfficialSums();

        Layer(TokenLayout layout, int embedDim) {
            this.layout = layout;
            this.embedDim = embedDim;
            layout.groups().forEach(group -> groups.put(group, new Sums(embedDim)));
        }

        void accept(float[] teacher, float[] surrogate) {
            int N = layout.tokens();
            int B = teacher.length / (N * embedDim);
            for (Map.Entry<TokenGroup, Sums> entry : groups.entrySet()) {
                for (int b = 0; b < B; b++) {
                    int from = (b * N + layout.from(entry.getKey())) * embedDim;
                    int to = (b * N + layout.to(entry.getKey())) * embedDim;
                    entry.getValue().accept(teacher, surrogate, from, to);
                }
            }
            official.accept(teacher, surrogate);
        }
    }

    /** Sums over images and tokens of a group. */
    private static final class Sums {
        private final double[] sum;
        private final double[] squares;
        private double squaredError;
        private long tokens;

        Sums(int embedDim) {
            sum = new double[embedDim];
            squares = new double[embedDim];
        }

        void accept(float[] teacher, float[] surrogate, int from, int to) {
            int D = sum.length;
            for (int token = from; token < to; token += D) {
                for (int d = 0; d < D; d++) {
                    double x = teacher[token + d];
                    double error = surrogate[token + d] - x;
                    sum[d] += x;
                    squares[d] += x * x;
                    squaredError += error * error;
                }
                tokens++;
            }
        }

        /** Σ ‖x − mean‖². */
        double variation() {
            double variation = 0;
            for (int d = 0; d < sum.length; d++) {
                variation += squares[d] - sum[d] * sum[d] / tokens;
            }
            return variation;
        }
    }

    private static final class OfficialSums {
        private static final double ADDED = 1e-6;

        private double sum;
        private double squares;
        private double squaredError;
        private long count;

        void accept(float[] teacher, float[] surrogate) {
            for (int i = 0; i < teacher.length; i++) {
                double p = surrogate[i];
                double error = p - teacher[i];
                sum += p;
                squares += p * p;
                squaredError += error * error;
            }
            count += teacher.length;
        }

        void add(OfficialSums other) {
            sum += other.sum;
            squares += other.squares;
            squaredError += other.squaredError;
            count += other.count;
        }

        double r2() {
            double mean = sum / count;
            return 1 - squaredError / count / (squares / count - mean * mean + ADDED);
        }
    }
}
