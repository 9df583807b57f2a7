package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.PhaseBlock;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.Rollout;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.published.BlockShapes;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/** {@code stage1/NAME}: both passes of a block through its phase, their losses and gradients; and with noise on the inputs. */
final class Stage1Case {
    static final String NOISE = "noise";

    private static final String PARAMETERS = "param/";
    private static final String SEQUENCE = "sequence";
    /** Of the official run with noise, which no file says. */
    private static final float SIGMA = 0.05f;

    private static final int NOISE_START = 4;

    private final Case of;
    private final GoldenTensors golden;
    private final Phase phase;
    private final Trajectory teacher;
    private final ParameterSource source;
    private final PhaseBlock block;

    private Stage1Case(Case of, GoldenTensors golden, int start) {
        this.of = of;
        this.golden = golden;
        phase = new Phase(start + 1, start + golden.shape(SEQUENCE)[1] - 1);
        teacher = teacher();
        RaptorConfig config = BlockShapes.config(golden.file(), PARAMETERS, of.heads(), BlockShapes.NORM_EPS);
        source = golden.source(of.backend(), PARAMETERS);
        int[] layers = IntStream.rangeClosed(phase.first(), phase.last()).toArray();
        block = new PhaseBlock(config, layers, phase.last(), teacher.layout(), source);
    }

    /** The golden states at their places; those of the layers before the phase are never read. */
    private Trajectory teacher() {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= phase.last(); layer++) {
            states.add(golden.state(of.backend(), SEQUENCE, Math.max(0, layer - phase.first() + 1)));
        }
        TokenLayout layout = GoldenTensors.layout(golden.shape(SEQUENCE)[2]);
        return new Trajectory(states, layout);
    }

    static void verify(Case of) {
        GoldenJson report = GoldenJson.read(of.file(".json"));
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"))) {
            TokenWeights weights = weights(report);
            try (Scope scope = of.backend().openScope()) {
                new Stage1Case(of, golden, report.at("start_layer").integer()).passes();
            }
            for (String precision : Case.PRECISIONS) {
                if (report.has(precision)) {
                    for (String lambda : report.at(precision).keys()) {
                        try (Scope scope = of.backend().openScope()) {
                            new Stage1Case(of, golden, report.at("start_layer").integer())
                                    .losses(
                                            precision,
                                            lambda,
                                            report.at(precision).at(lambda),
                                            weights);
                        }
                    }
                }
            }
            of.allUsed(golden);
        }
    }

    private static TokenWeights weights(GoldenJson report) {
        if (report.at("loss").text().equals("mse")) {
            return TokenWeights.PLAIN;
        }
        double[] weights = report.at("weights_cls_reg_patch").numbers();
        return new TokenWeights((float) weights[0], (float) weights[1], (float) weights[2]);
    }

    private void passes() {
        compare("rollout", Rollout.autoregressive(block.unrolled(), teacher, phase));
        compare("teacher_forced", Rollout.teacherForced(block.unrolled(), teacher, phase));
    }

    private void compare(String what, List<Tensor> predictions) {
        for (String precision : Case.PRECISIONS) {
            String key = precision + "/" + what;
            for (int i = 0; i < predictions.size() && golden.has(key); i++) {
                of.checks()
                        .compare(
                                of.name(key + "[" + i + "]"),
                                predictions.get(i).toDoubles(),
                                golden.slice(key, i),
                                of.tolerances(precision).outputs());
            }
        }
    }

    /** {@code lambda} is a key such as {@code lambda_0.5}. */
    private void losses(String precision, String lambda, GoldenJson want, TokenWeights weights) {
        double share = Double.parseDouble(lambda.substring(lambda.indexOf('_') + 1));
        double allowed = of.tolerances(precision).losses();
        TrajectoryLoss loss = new TrajectoryLoss(weights, List.of(phase));
        StepState state = new StepState(of.backend());
        state.begin(1, 1, (float) share);
        Tensor total = loss.of(block.unrolled(), teacher, state, share);
        double autoregressive = loss.autoregressive(block.unrolled(), teacher).item();
        // The official loop skips the pass at 0, and says 0.
        double forced =
                share == 0 ? 0 : loss.teacherForced(block.unrolled(), teacher).item();
        String name = precision + " " + lambda + " ";
        of.checks()
                .compare(
                        of.name(name + "autoreg"),
                        autoregressive,
                        want.at("autoreg").number(),
                        allowed);
        of.checks()
                .compare(
                        of.name(name + "teacher_forced"),
                        forced,
                        want.at("teacher_forced").number(),
                        allowed);
        of.checks()
                .compare(of.name(name + "total"), total.item(), want.at("total").number(), allowed);
        String prefix = precision + "/grad." + lambda + "/";
        of.gradients(golden, prefix, Backpropagation.from(total), source.parameters(), allowed);
    }

    /** The loss of both passes where every step starts from its input plus σ times recorded noise; targets stay clean. */
    static void verifyNoise(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            Stage1Case noisy = new Stage1Case(of, golden, NOISE_START);
            double allowed = of.tolerances("f64").losses();
            of.compare(golden, "f64/loss.autoreg", new double[] {noisy.autoregressiveLoss()}, allowed);
            of.compare(golden, "f64/loss.teacher_forced", new double[] {noisy.teacherForcedLoss()}, allowed);
            of.allUsed(golden);
        }
    }

    /** {@code noise.autoreg} is (steps, B, N, D). */
    private double autoregressiveLoss() {
        Tensor noise = golden.tensor(of.backend(), "noise.autoreg").scale(SIGMA);
        int[] dims = golden.shape("noise.autoreg");
        Tensor bySteps = noise.reshape(1, dims[0], dims[1] * dims[2] * dims[3]);
        Tensor x = teacher.state(phase.first() - 1);
        double sum = 0;
        for (int i = 0; i < phase.length(); i++) {
            Tensor ofStep = bySteps.tokens(i, i + 1).reshape(dims[1], dims[2], dims[3]);
            x = block.step(x.add(ofStep), phase.first() + i);
            sum += error(x, phase.first() + i);
        }
        return sum / phase.length();
    }

    /** {@code noise.teacher_forced} is (B · steps, N, D), steps fastest. */
    private double teacherForcedLoss() {
        int[] dims = golden.shape("noise.teacher_forced");
        int steps = phase.length();
        Tensor noise = golden.tensor(of.backend(), "noise.teacher_forced").scale(SIGMA);
        Tensor byImage = noise.reshape(dims[0] / steps, steps, dims[1] * dims[2]);
        double sum = 0;
        for (int i = 0; i < steps; i++) {
            Tensor ofStep = byImage.tokens(i, i + 1).reshape(dims[0] / steps, dims[1], dims[2]);
            int layer = phase.first() + i;
            sum += error(block.step(teacher.state(layer - 1).add(ofStep), layer), layer);
        }
        return sum / steps;
    }

    private double error(Tensor prediction, int layer) {
        return TokenMseOp.forward(prediction, teacher.state(layer), TokenWeights.PLAIN.spans(teacher.layout()))
                .item();
    }
}
