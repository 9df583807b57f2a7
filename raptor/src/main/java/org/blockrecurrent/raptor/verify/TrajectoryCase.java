package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.Rollout;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.published.BlockShapes;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/** {@code trajectory/NAME}: rollouts of a Raptor, its errors, losses and R², and the gradient of stage 2. */
final class TrajectoryCase {
    private static final String PARAMETERS = "param/";
    /** R² is one minus a ratio, and may be near zero; our sums run in another order. */
    private static final double R2_ROUNDING = 2e-6;

    private final Case of;
    private final GoldenTensors golden;
    private final GoldenJson report;
    private final Raptor raptor;
    private final Trajectory teacher;
    private final int depth;

    private TrajectoryCase(Case of, GoldenTensors golden) {
        this.of = of;
        this.golden = golden;
        report = GoldenJson.read(of.file(".json"));
        depth = report.at("layers").integer();
        int[] ends = IntStream.concat(IntStream.of(report.at("thresholds").integers()), IntStream.of(depth))
                .toArray();
        RaptorConfig config =
                BlockShapes.config(golden.file(), PARAMETERS + "blocks.0.", of.heads(), BlockShapes.NORM_EPS);
        teacher = golden.trajectory(of.backend(), "teacher");
        ParameterSource source = golden.source(of.backend(), PARAMETERS);
        raptor = new Raptor(config, Phases.endingAt(ends), teacher.layout(), source);
    }

    static void verify(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            TrajectoryCase trajectory = new TrajectoryCase(of, golden);
            trajectory.passes();
            trajectory.gradient();
            trajectory.r2();
            of.allUsed(golden);
        }
    }

    private void passes() {
        Phase whole = new Phase(1, depth);
        Trajectory plain = Trajectory.of(raptor, teacher.state(0));
        List<Tensor> rollout = Rollout.autoregressive(raptor.unrolled(), teacher, whole);
        List<Tensor> oneStep = Rollout.teacherForced(raptor.unrolled(), teacher, whole);
        for (String precision : Case.PRECISIONS) {
            double allowed = of.tolerances(precision).outputs();
            compare(precision + "/rollout", plain.states(), 0, allowed);
            compare(precision + "/rollout", rollout, 1, allowed);
            compare(precision + "/one_step", oneStep, 0, allowed);
            if (report.has(precision)) {
                GoldenJson values = report.at(precision);
                errors(rollout, values.at("rollout_loss_per_layer_cls_reg_patch"), precision);
                errors(oneStep, values.at("one_step_loss_per_layer_cls_reg_patch"), precision);
                losses(rollout, values.at("autoreg_pass"), precision);
            }
        }
    }

    /** States against the indices {@code from} and on of a tensor (B, L, N, D). */
    private void compare(String key, List<Tensor> states, int from, double allowed) {
        if (!golden.has(key)) {
            return;
        }
        for (int i = 0; i < states.size(); i++) {
            of.checks()
                    .compare(
                            of.name(key + "[" + (from + i) + "]"),
                            states.get(i).toDoubles(),
                            golden.slice(key, from + i),
                            allowed);
        }
    }

    private void errors(List<Tensor> predictions, GoldenJson perLayer, String precision) {
        double[] want = perLayer.numbers();
        List<TokenGroup> groups = teacher.layout().groups();
        for (int layer = 1; layer <= depth; layer++) {
            for (int i = 0; i < groups.size(); i++) {
                TokenGroup group = groups.get(i);
                double error = error(predictions.get(layer - 1), layer, group);
                String name = precision + " error of layer " + layer + ", " + group.label();
                int index = (layer - 1) * groups.size() + i;
                of.checks()
                        .compare(
                                of.name(name),
                                error,
                                want[index],
                                of.tolerances(precision).losses());
            }
        }
    }

    private double error(Tensor prediction, int layer, TokenGroup group) {
        TokenLayout layout = teacher.layout();
        return TokenMseOp.forward(prediction, teacher.state(layer), List.of(layout.span(group, 1)))
                .item();
    }

    private void losses(List<Tensor> rollout, GoldenJson byName, String precision) {
        double cosine = meanCosine(rollout);
        for (String name : byName.keys()) {
            double got = switch (name) {
                case "mse" -> autoregressive(TokenWeights.PLAIN);
                case "weighted_stage1" -> autoregressive(TokenWeights.publishedStage1());
                case "weighted_stage2" -> autoregressive(TokenWeights.publishedStage2());
                case "cosine" -> cosine;
                case "mse_and_cosine" -> 0.5 * autoregressive(TokenWeights.PLAIN) - 0.5 * cosine;
                default -> Double.NaN;
            };
            of.checks()
                    .compare(
                            of.name(precision + " loss " + name),
                            got,
                            byName.at(name).number(),
                            of.tolerances(precision).losses());
        }
    }

    private double autoregressive(TokenWeights weights) {
        TrajectoryLoss loss = new TrajectoryLoss(weights, List.of(new Phase(1, depth)));
        return loss.autoregressive(raptor.unrolled(), teacher).item();
    }

    /** Over images, tokens and layers; the official code has it, but no published run uses it. */
    private double meanCosine(List<Tensor> rollout) {
        double sum = 0;
        int count = 0;
        for (int layer = 1; layer <= depth; layer++) {
            for (double cosine : CosineOp.forward(rollout.get(layer - 1), teacher.state(layer))
                    .toDoubles()) {
                sum += cosine;
                count++;
            }
        }
        return sum / count;
    }

    private void gradient() {
        TrajectoryLoss loss = new TrajectoryLoss(TokenWeights.publishedStage2(), List.of(new Phase(1, depth)));
        Gradients gradients = Backpropagation.from(loss.autoregressive(raptor.unrolled(), teacher));
        for (String precision : Case.PRECISIONS) {
            double allowed = of.tolerances(precision).losses();
            of.gradients(golden, precision + "/grad.stage2/", gradients, raptor.parameters(), allowed);
        }
    }

    private void r2() {
        Trajectory surrogate = Trajectory.of(raptor, teacher.state(0));
        TrajectoryR2 official = new TrajectoryR2();
        official.accept(teacher, surrogate);
        TrajectoryR2 swapped = new TrajectoryR2();
        swapped.accept(surrogate, teacher);
        List<Double> perLayer = new ArrayList<>();
        List<Double> ofTeacher = new ArrayList<>();
        for (int layer = 1; layer <= depth; layer++) {
            perLayer.add(official.officialR2(layer));
            ofTeacher.add(swapped.officialR2(layer));
        }
        for (String precision : Case.PRECISIONS) {
            if (report.has(precision)) {
                GoldenJson values = report.at(precision);
                r2(precision, "r2_all_layers_with_embedding", official.officialGlobalR2(), values);
                r2(precision, "r2_last_layer", official.officialR2(depth), values);
                r2(precision, "r2_per_layer_as_official", perLayer, values);
                r2(precision, "r2_per_layer_teacher_referenced", ofTeacher, values);
            }
        }
    }

    private void r2(String precision, String key, double got, GoldenJson values) {
        of.checks().within(of.name(precision + " " + key), got, values.at(key).number(), R2_ROUNDING);
    }

    private void r2(String precision, String key, List<Double> got, GoldenJson values) {
        double[] array = got.stream().mapToDouble(Double::doubleValue).toArray();
        of.checks().within(of.name(precision + " " + key), array, values.at(key).numbers(), R2_ROUNDING);
    }
}
