package org.blockrecurrent.dynamics;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.Trajectory;

/**
 * Whether the path bends back after a push. At layer f every token is moved by a random vector of relative length ε,
 *
 * <pre>  x'_f = x_f + δ,   δ = ε ‖x_f‖ g / ‖g‖,   g ~ N(0, I_D) for each token</pre>
 *
 * and the layer map is followed from x'_f. At every layer ℓ ≥ f, averaged over the tokens of a group and over images:
 *
 * <pre>
 *   perturbation-angle     ∠(x'_ℓ, x_ℓ)            degrees, to the clean path
 *   perturbation-distance  ‖x'_ℓ − x_ℓ‖ / ‖x_ℓ‖
 *   carried-angle, carried-distance   the same for x_ℓ + δ, the push carried along unchanged
 *   label-flips            share of images whose predicted class the push changes (at layer L; if a readout is given)
 * </pre>
 *
 * The carried push is what the response must be compared to: where norms grow with depth, a push that nothing corrects shrinks
 * in angle too. The paper (arXiv 2512.19941) reports that paths bend back ("self-correcting"); its noise, sizes and injection
 * layers are not public, these are ours. The condition column reads {@code from=f;epsilon=ε}.
 *
 * <p>Noise is counter-based: it depends on the seed, the layer f and the image's place in the stream, not on the batch. Only
 * the first {@link Settings#images} images are pushed: each costs a run from every f for every ε.
 */
public final class PerturbationResponse implements Measure {
    public static final String ANGLE = "perturbation-angle";
    public static final String DISTANCE = "perturbation-distance";
    public static final String CARRIED_ANGLE = "carried-angle";
    public static final String CARRIED_DISTANCE = "carried-distance";
    public static final String FLIPS = "label-flips";

    /**
     * What is tried.
     *
     * @param epsilons relative lengths ε of the push
     * @param layers layers f at which it is given, each in 0 … L − 1
     * @param seed of the noise
     * @param images how many images, from the start of the stream, are pushed
     */
    public record Settings(List<Double> epsilons, List<Integer> layers, long seed, int images) {
        public Settings {
            epsilons = List.copyOf(epsilons);
            layers = List.copyOf(layers);
        }

        /** ε of 0.01, 0.05, 0.1 and 0.2; at the embedding, a third and two thirds of the depth; 256 images. */
        public static Settings standard(int layers, long seed) {
            List<Integer> from = layers < 3 ? List.of(0) : List.of(0, layers / 3, 2 * layers / 3);
            return new Settings(List.of(0.01, 0.05, 0.1, 0.2), from, seed, 256);
        }
    }

    private final LayerMap map;
    private final Settings settings;
    private final Optional<UnaryOperator<Tensor>> readout;
    private final LayerMeans means = new LayerMeans();
    private long nextImage;

    /** Of the layer map whose trajectories are accepted. */
    public PerturbationResponse(LayerMap map, Settings settings) {
        this(map, settings, Optional.empty(), 0);
    }

    private PerturbationResponse(
            LayerMap map, Settings settings, Optional<UnaryOperator<Tensor>> readout, long firstImage) {
        this.map = map;
        this.settings = settings;
        this.readout = readout;
        nextImage = firstImage;
        for (int from : settings.layers) {
            if (from < 0 || from >= map.layers()) {
                throw new IllegalArgumentException(
                        "cannot perturb the state at layer " + from + ": layers are 0 to " + (map.layers() - 1));
            }
        }
    }

    /** Counts label flips too. {@code readout} takes the last state (B, N, D) to class scores (B, K). */
    public PerturbationResponse readBy(UnaryOperator<Tensor> classify) {
        return new PerturbationResponse(map, settings, Optional.of(classify), nextImage);
    }

    /** For a part of a stream that does not begin at its first image; to be merged with the parts before it. */
    public PerturbationResponse startingAt(long firstImage) {
        return new PerturbationResponse(map, settings, readout, firstImage);
    }

    @Override
    public String name() {
        return "perturbation-response";
    }

    @Override
    public void accept(HostTrajectory clean, int[] labels) {
        int pushed = (int) Math.max(0, Math.min(clean.batch(), settings.images - nextImage));
        if (pushed > 0) {
            for (int from : settings.layers) {
                float[] noise = unitNoise(clean, from);
                for (double epsilon : settings.epsilons) {
                    push(clean, from, epsilon, noise, pushed);
                }
            }
        }
        nextImage += clean.batch();
    }

    /** g / ‖g‖ for every token of the batch, (B, N, D). */
    private float[] unitNoise(HostTrajectory clean, int from) {
        Philox random = new Philox(settings.seed, Philox.streamOf("perturbation"), from);
        return RandomWalk.unitVectors(
                random, nextImage, clean.batch(), clean.layout().tokens(), clean.embedDim());
    }

    private void push(HostTrajectory clean, int from, double epsilon, float[] noise, int pushed) {
        float[] delta = scaledNoise(noise, clean.norms(from), epsilon, clean.embedDim());
        Tensor xFrom = clean.trajectory().state(from);
        String condition = "from=" + from + ";epsilon=" + epsilon;
        try (Scope scope = xFrom.backend().openScope()) {
            Tensor start = xFrom.backend().tensor(xFrom.shape(), sum(clean.state(from), delta));
            Trajectory path = Trajectory.of(map, start, from);
            for (int layer = from; layer <= clean.layers(); layer++) {
                PathComparison at = new PathComparison(clean, layer, pushed, condition, means);
                at.add(path.state(layer - from).toArray(), ANGLE, DISTANCE);
                at.add(sum(clean.state(layer), delta), CARRIED_ANGLE, CARRIED_DISTANCE);
            }
            if (readout.isPresent()) {
                countFlips(clean, readout.get(), path.state(path.layers()), pushed, condition);
            }
        }
    }

    private static float[] scaledNoise(float[] noise, double[] norms, double epsilon, int D) {
        float[] delta = new float[noise.length];
        for (int i = 0; i < delta.length; i++) {
            delta[i] = (float) (noise[i] * epsilon * norms[i / D]);
        }
        return delta;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    private void countFlips(
            HostTrajectory clean, UnaryOperator<Tensor> classify, Tensor last, int pushed, String condition) {
        Tensor before = classify.apply(clean.trajectory().state(clean.layers()));
        float[] scores = before.toArray();
        float[] pushedScores = classify.apply(last).toArray();
        LayerMeans.Key key = new LayerMeans.Key(FLIPS, condition, "all", "fraction");
        for (int image = 0; image < pushed; image++) {
            boolean flipped = best(scores, image, before.dim(1)) != best(pushedScores, image, before.dim(1));
            means.add(key, clean.layers(), flipped ? 1 : 0, 1);
        }
    }

    private static int best(float[] scores, int image, int classes) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            best = scores[image * classes + c] > scores[image * classes + best] ? c : best;
        }
        return best;
    }

    @Override
    public void merge(Measure other) {
        PerturbationResponse next = Measure.sameKind(PerturbationResponse.class, other);
        means.merge(next.means);
        nextImage = Math.max(nextImage, next.nextImage);
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        return means.rows(model);
    }

    /** Adds the angle and the relative distance of another state to the clean one, group by group. */
    private record PathComparison(HostTrajectory clean, int layer, int images, String condition, LayerMeans means) {
        void add(float[] other, String angle, String distance) {
            for (TokenGroup group : clean.layout().groups()) {
                LayerMeans.Key angles = new LayerMeans.Key(angle, condition, group.label(), "degrees");
                LayerMeans.Key distances = new LayerMeans.Key(distance, condition, group.label(), "ratio");
                for (int image = 0; image < images; image++) {
                    addImage(other, image, group, angles, distances);
                }
            }
        }

        private void addImage(
                float[] other, int image, TokenGroup group, LayerMeans.Key angles, LayerMeans.Key distances) {
            int D = clean.embedDim();
            double[] direction = new double[D];
            double[] otherDirection = new double[D];
            double angle = 0;
            double distance = 0;
            for (int token = clean.layout().from(group); token < clean.layout().to(group); token++) {
                int row = clean.row(image, token);
                clean.direction(layer, image, token, direction);
                Directions.unit(other, row * D, Directions.norm(other, row * D, D), otherDirection);
                angle += Directions.degrees(direction, otherDirection);
                distance += Directions.distance(other, clean.state(layer), row * D, D) / clean.norms(layer)[row];
            }
            means.add(angles, layer, angle, clean.layout().count(group));
            means.add(distances, layer, distance, clean.layout().count(group));
        }
    }
}
