package org.blockrecurrent.raptor.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.PhaseBlock;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.Surrogate;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.published.BlockShapes;
import org.blockrecurrent.raptor.training.Learner;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.vit.Trajectory;

/** {@code training/NAME}: the official training loop, step by step. */
final class TrainingCase {
    /** Batches that several runs share; the golden files themselves may hold them too. */
    static final String BATCHES = "batches";

    private static final String INITIAL = "initial/";
    private static final String FIRST_GRADIENT = "f64/clipped_grad00/";
    /** The loop clips the norm to 1 and divides by the norm plus this. */
    private static final double CLIP_EPS = 1e-6;

    /** The learning rates are the official ones to the last bit, as floats. */
    private static final double EXACT = 0;
    /**
     * Share of the parameters whose first step is not determined; were they most, the comparison would be empty. In a fresh
     * published block, whose attention does next to nothing yet, they are an eighth.
     */
    private static final double MOST_UNDETERMINED = 0.2;

    private final Case of;
    private final GoldenTensors golden;
    private final GoldenJson report;
    private final TrainingRun run;
    private final List<Trajectory> batches;
    private final ParameterSource source;
    private final Surrogate surrogate;
    private final TrajectoryLoss loss;
    private long undetermined;
    private long compared;

    private TrainingCase(Case of, GoldenTensors golden) {
        this.of = of;
        this.golden = golden;
        report = GoldenJson.read(of.file(".json"));
        run = TrainingRun.of(report);
        batches = batches();
        source = golden.source(of.backend(), INITIAL);
        loss = new TrajectoryLoss(run.weights(), List.of(run.phase()));
        surrogate = surrogate();
    }

    static void verify(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            TrainingCase training = new TrainingCase(of, golden);
            training.firstGradient();
            training.train();
            of.allUsed(golden);
        }
    }

    private List<Trajectory> batches() {
        Path shared = of.folder().resolve("training/" + BATCHES + ".safetensors");
        if (!golden.has("batch0") && Files.exists(shared)) {
            try (GoldenTensors file = new GoldenTensors(shared)) {
                return batches(file);
            }
        }
        return batches(golden);
    }

    private List<Trajectory> batches(GoldenTensors file) {
        List<Trajectory> found = new ArrayList<>();
        for (int i = 0; file.has("batch" + i); i++) {
            found.add(file.trajectory(of.backend(), "batch" + i));
        }
        return found;
    }

    private Surrogate surrogate() {
        int depth = batches.get(0).layers();
        String first = run.phases() == null ? INITIAL : INITIAL + "blocks.0.";
        RaptorConfig config = BlockShapes.config(golden.file(), first, of.heads(), BlockShapes.NORM_EPS);
        if (run.phases() != null) {
            return new Raptor(config, run.phases(), batches.get(0).layout(), source);
        }
        int[] layers =
                IntStream.rangeClosed(run.phase().first(), run.phase().last()).toArray();
        return new PhaseBlock(config, layers, depth, batches.get(0).layout(), source);
    }

    private Trajectory batch(int step) {
        return batches.get(report.at("batch_of_step").integers()[step - 1]);
    }

    private void firstGradient() {
        try (Scope scope = of.backend().openScope()) {
            StepState state = new StepState(of.backend());
            double share = run.teacherForcing().at(1);
            state.begin(1, run.learningRate().at(1), (float) share);
            Gradients gradients = Backpropagation.from(loss.of(surrogate.unrolled(), batch(1), state, share));
            double squares = 0;
            for (Parameter parameter : source.parameters().all()) {
                for (double g : gradients.of(parameter).toDoubles()) {
                    squares += g * g;
                }
            }
            double factor = Math.min(1, 1 / (Math.sqrt(squares) + CLIP_EPS));
            for (Parameter parameter : source.parameters().all()) {
                double[] got = gradients.of(parameter).toDoubles();
                for (int i = 0; i < got.length; i++) {
                    got[i] *= factor;
                }
                compare(
                        FIRST_GRADIENT,
                        parameter.name(),
                        got,
                        of.tolerances("f64").losses());
            }
        }
    }

    private void compare(String prefix, String parameter, double[] got, double allowed) {
        String key = prefix + parameter;
        double[] want = golden.doubles(key);
        of.checks().compare(of.name(key), Case.withoutKeyBias(key, got), Case.withoutKeyBias(key, want), allowed);
    }

    private void train() {
        Learner learner = new Learner(
                of.name(), surrogate, source, loss, AdamW.Config.of(run.weightDecay(), 1), Retention.EVERYTHING);
        for (int step = 1; step <= run.steps(); step++) {
            double share = run.teacherForcing().at(step);
            double[] passes = passes(step, share);
            learner.step(batch(step), step, run.learningRate().at(step), share);
            double total = learner.takeMeanLoss();
            for (String precision : Case.PRECISIONS) {
                if (report.has(precision)) {
                    log(precision, step, passes, total, learner.gradientNorm());
                }
                parameters(precision, step, learner);
            }
        }
        of.checks()
                .within(
                        of.name("parameters whose first step is not determined"),
                        (double) undetermined / compared,
                        0,
                        MOST_UNDETERMINED);
    }

    /** Both losses before a step; the official loop skips the teacher-forced pass at 0, and says 0. */
    private double[] passes(int step, double share) {
        try (Scope scope = of.backend().openScope()) {
            double autoregressive =
                    loss.autoregressive(surrogate.unrolled(), batch(step)).item();
            double forced = share == 0
                    ? 0
                    : loss.teacherForced(surrogate.unrolled(), batch(step)).item();
            return new double[] {autoregressive, forced};
        }
    }

    private void log(String precision, int step, double[] passes, double total, double gradientNorm) {
        Tolerances tolerances = of.tolerances(precision);
        // From the second step on, all follows parameters that were trained: their tolerance holds.
        double allowed = step == 1 ? tolerances.losses() : tolerances.trained();
        log(precision, "lr", step, run.learningRate().at(step), EXACT);
        log(precision, "autoreg_loss", step, passes[0], allowed);
        if (run.teacherForcing().at(step) > 0) {
            log(precision, "teacher_forced_loss", step, passes[1], allowed);
        }
        log(precision, "total_loss", step, total, allowed);
        log(precision, "grad_norm_before_clipping", step, gradientNorm, allowed);
    }

    private void log(String precision, String key, int step, double got, double allowed) {
        double want = report.at(precision).at(key).numbers()[step - 1];
        // Rates were stored as doubles of floats.
        of.checks()
                .compare(
                        of.name(precision + " " + key + " of step " + step),
                        got,
                        key.equals("lr") ? (float) want : want,
                        allowed);
    }

    /** After a step of which they were stored. */
    private void parameters(String precision, int step, Learner learner) {
        String prefix = String.format("%s/step%02d/", precision, step - 1);
        Set<String> names = golden.under(prefix);
        if (names.isEmpty()) {
            return;
        }
        of.checks()
                .same(of.name(prefix + "…"), new TreeSet<>(learner.parameters().keySet()), names);
        for (Map.Entry<String, Tensor> parameter : learner.parameters().entrySet()) {
            String key = parameter.getKey();
            double[] got = determined(
                    parameter.getValue().toDoubles(),
                    golden.doubles(prefix + key),
                    golden.doubles(FIRST_GRADIENT + key));
            compare(prefix, key, got, of.tolerances(precision).trained());
        }
    }

    /**
     * Adam divides by the size of the gradient: an element whose first gradient is below the tolerance for gradients takes a
     * step of the full learning rate in a direction that is not determined. Such elements are taken from the golden values.
     */
    private double[] determined(double[] got, double[] want, double[] firstGradient) {
        double largest = 0;
        for (double g : firstGradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int i = 0; i < got.length; i++) {
            if (Math.abs(firstGradient[i]) < of.tolerances("f64").losses() * largest) {
                got[i] = want[i];
                undetermined++;
            }
            compared++;
        }
        return got;
    }
}
