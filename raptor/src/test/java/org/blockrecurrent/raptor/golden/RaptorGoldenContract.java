package org.blockrecurrent.raptor.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.DepthScale;
import org.blockrecurrent.raptor.PhaseBlock;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.raptor.Rollout;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Block, rollout, losses, R² and gradients against the official PyTorch code, for one backend. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RaptorGoldenContract {
    private static final int DIM = 32;
    private static final int HEADS = 4;
    private static final TokenLayout LAYOUT = new TokenLayout(4, 7);
    private static final int DEPTH = 6;
    /** The golden R² were stored in double; our sums run in another order over floats. */
    private static final double R2_ROUNDING = 2e-6;

    private Backend backend;
    private GoldenReport report;
    private GoldenTolerances tolerances;

    protected abstract Backend open();

    protected abstract GoldenTolerances tolerances();

    @BeforeAll
    void openBackend() {
        backend = open();
        tolerances = tolerances();
        report = new GoldenReport("raptor", backend.name());
    }

    @AfterAll
    void writeReport() {
        report.write();
        backend.close();
    }

    private static RaptorConfig config(String variant) {
        boolean gelu = variant.startsWith("gelu");
        int mlpDim = variant.equals("gelu_tscale_nols") || variant.equals("trajectory")
                ? 2 * DIM
                : variant.equals("gelu_plain") ? 80 : variant.equals("swiglu_plain") ? 2 * DIM : 4 * DIM;
        float layerScale = variant.endsWith("nols") ? 0 : 1e-5f;
        return new RaptorConfig(
                DIM,
                HEADS,
                mlpDim,
                gelu ? Mlp.Kind.GELU : Mlp.Kind.SWIGLU,
                layerScale,
                1e-5f,
                !variant.endsWith("plain"),
                16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"swiglu_tscale", "gelu_tscale", "swiglu_plain", "gelu_plain", "gelu_tscale_nols"})
    void a_block_equals_the_official_one_at_every_depth(String variant) {
        GoldenFile golden = new GoldenFile("raptor/block/" + variant);
        for (String depth : golden.under("f64/out.t")) {
            try (Scope scope = backend.openScope()) {
                RecurrentBlock block = new RecurrentBlock(config(variant), golden.source(backend, "param/"));
                Tensor y = forward(block, golden, golden.tensor(backend, "x"), depth);
                report.require(
                        "block, output",
                        variant + " t" + depth,
                        y.toDoubles(),
                        golden.doubles("f64/out.t" + depth),
                        tolerances.outputs());
            }
        }
    }

    private Tensor forward(RecurrentBlock block, GoldenFile golden, Tensor x, String depth) {
        if (!depth.equals("mixed")) {
            return block.forward(x, Integer.parseInt(depth), Trace.NONE);
        }
        return block.forward(x, golden.tensor(backend, "t.mixed").reshape(x.dim(0), 1), Trace.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "swiglu_tscale, 07", "swiglu_tscale, mixed", "gelu_tscale, mixed",
        "gelu_tscale_nols, mixed", "swiglu_plain, 00", "gelu_plain, 00",
    })
    void the_gradients_of_a_block_equal_the_official_ones(String variant, String depth) {
        GoldenFile golden = new GoldenFile("raptor/block/" + variant);
        try (Scope scope = backend.openScope()) {
            ParameterSource source = golden.source(backend, "param/");
            RecurrentBlock block = new RecurrentBlock(config(variant), source);
            Tensor x = golden.tensor(backend, "x").tracked();
            Tensor y = forward(block, golden, x, depth);
            Gradients gradients = Backpropagation.from(y, golden.tensor(backend, "cotangent"));
            report.require(
                    "block, gradient of the input",
                    variant,
                    gradients.of(x).toDoubles(),
                    golden.doubles("f64/grad_x.t" + depth),
                    tolerances.gradients());
            requireGradients(
                    "block, gradients",
                    golden,
                    "f64/grad.t" + depth + "/",
                    gradients,
                    source.parameters(),
                    tolerances.gradients());
        }
    }

    private void requireGradients(
            String group,
            GoldenFile golden,
            String prefix,
            Gradients gradients,
            Parameters parameters,
            double tolerance) {
        assertEquals(
                golden.under(prefix),
                new java.util.TreeSet<>(
                        parameters.all().stream().map(Parameter::name).toList()));
        for (Parameter parameter : parameters.all()) {
            double[] got = gradients.of(parameter).toDoubles();
            double[] want = golden.doubles(prefix + parameter.name());
            report.require(
                    group,
                    prefix + parameter.name(),
                    KeyBias.without(parameter.name(), got),
                    KeyBias.without(parameter.name(), want),
                    tolerance);
        }
    }

    @Test
    void the_depth_scale_and_both_branches_equal_the_official_intermediates() {
        GoldenFile golden = new GoldenFile("raptor/block/swiglu_tscale");
        GoldenFile inside = new GoldenFile("raptor/block/swiglu_tscale_intermediates");
        try (Scope scope = backend.openScope()) {
            RaptorConfig config = config("swiglu_tscale");
            DepthScale depthScale =
                    new DepthScale(config, golden.source(backend, "param/").at("t_proj"));
            Tensor fives = backend.tensor(Shape.of(3, 1), 5, 5, 5);
            DepthScale.Scales scales = depthScale.forward(fives);
            require("depth scale", scales.attention(), inside, "f64/t1");
            require("depth scale", scales.mlp(), inside, "f64/t2");
            require("depth scale", scales.output(), inside, "f64/t3");
            List<String> seen = new ArrayList<>();
            new RecurrentBlock(config, golden.source(backend, "param/"))
                    .forward(golden.tensor(backend, "x"), 5, (name, value) -> {
                        seen.add(name);
                        if (!name.equals("qkv")) {
                            report.require(
                                    "block, branches",
                                    name,
                                    value.toDoubles(),
                                    branch(inside, name),
                                    tolerances.outputs());
                        }
                    });
            assertEquals(List.of("qkv", "attention", "mlp"), seen);
        }
    }

    private void require(String group, Tensor got, GoldenFile golden, String key) {
        report.require(group, key, got.toDoubles(), golden.doubles(key), tolerances.outputs());
    }

    /** What a branch adds: t ⊙ γ ⊙ branch. */
    private static double[] branch(GoldenFile inside, String name) {
        double[] t = inside.doubles(name.equals("attention") ? "f64/t1" : "f64/t2");
        double[] scaled = inside.doubles(name.equals("attention") ? "f64/ls1" : "f64/ls2");
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= t[i % DIM]; // the same layer for every image
        }
        return scaled;
    }

    private Raptor raptor(String k, GoldenFile golden) {
        Phases phases = k.equals("k2") ? Phases.endingAt(4, 6) : Phases.endingAt(3, 5, 6);
        return new Raptor(config("trajectory"), phases, LAYOUT, golden.source(backend, "param/"));
    }

    private Trajectory trajectory(GoldenFile golden, String key, int layers) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= layers; layer++) {
            states.add(golden.sliceTensor(backend, key, layer));
        }
        return new Trajectory(states, LAYOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2", "k3"})
    void a_raptor_rolls_out_as_the_official_one(String k) {
        GoldenFile golden = new GoldenFile("raptor/trajectory/" + k);
        try (Scope scope = backend.openScope()) {
            Raptor raptor = raptor(k, golden);
            Trajectory teacher = trajectory(golden, "teacher", DEPTH);
            Trajectory plain = Trajectory.of(raptor, teacher.state(0));
            List<Tensor> unrolled = Rollout.autoregressive(raptor.unrolled(), teacher, new Phase(1, DEPTH));
            List<Tensor> oneStep = Rollout.teacherForced(raptor.unrolled(), teacher, new Phase(1, DEPTH));
            for (int layer = 1; layer <= DEPTH; layer++) {
                double[] rollout = golden.slice("f64/rollout", layer);
                double[] forced = golden.slice("f64/one_step", layer - 1);
                String what = k + " layer " + layer;
                report.require(
                        "trajectory, rollout", what, plain.state(layer).toDoubles(), rollout, tolerances.outputs());
                report.require(
                        "trajectory, rollout",
                        what,
                        unrolled.get(layer - 1).toDoubles(),
                        rollout,
                        tolerances.outputs());
                report.require(
                        "trajectory, one step", what, oneStep.get(layer - 1).toDoubles(), forced, tolerances.outputs());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2", "k3"})
    void errors_of_every_layer_and_token_group_equal_the_official_ones(String k) {
        GoldenFile golden = new GoldenFile("raptor/trajectory/" + k);
        JsonObject values = GoldenFile.json("raptor/trajectory/" + k).getAsJsonObject("f64");
        try (Scope scope = backend.openScope()) {
            Raptor raptor = raptor(k, golden);
            Trajectory teacher = trajectory(golden, "teacher", DEPTH);
            List<Tensor> rollout = Rollout.autoregressive(raptor, teacher, new Phase(1, DEPTH));
            List<Tensor> oneStep = Rollout.teacherForced(raptor, teacher, new Phase(1, DEPTH));
            requireErrors(rollout, teacher, values.getAsJsonArray("rollout_loss_per_layer_cls_reg_patch"));
            requireErrors(oneStep, teacher, values.getAsJsonArray("one_step_loss_per_layer_cls_reg_patch"));
        }
    }

    private void requireErrors(List<Tensor> predictions, Trajectory teacher, JsonArray golden) {
        for (int layer = 1; layer <= DEPTH; layer++) {
            for (TokenGroup group : LAYOUT.groups()) {
                List<TokenSpan> span = List.of(LAYOUT.span(group, 1));
                double error = TokenMseOp.forward(predictions.get(layer - 1), teacher.state(layer), span)
                        .item();
                double want = golden.get(layer - 1)
                        .getAsJsonArray()
                        .get(LAYOUT.groups().indexOf(group))
                        .getAsDouble();
                report.require("losses", "layer " + layer + " " + group, error, want, tolerances.losses());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2", "k3"})
    void the_autoregressive_loss_equals_the_official_one_for_all_weights(String k) {
        GoldenFile golden = new GoldenFile("raptor/trajectory/" + k);
        JsonObject passes =
                GoldenFile.json("raptor/trajectory/" + k).getAsJsonObject("f64").getAsJsonObject("autoreg_pass");
        try (Scope scope = backend.openScope()) {
            Raptor raptor = raptor(k, golden);
            Trajectory teacher = trajectory(golden, "teacher", DEPTH);
            requireLoss(TokenWeights.PLAIN, raptor, teacher, passes.get("mse").getAsDouble());
            requireLoss(
                    TokenWeights.publishedStage1(),
                    raptor,
                    teacher,
                    passes.get("weighted_stage1").getAsDouble());
            requireLoss(
                    TokenWeights.publishedStage2(),
                    raptor,
                    teacher,
                    passes.get("weighted_stage2").getAsDouble());
        }
    }

    private void requireLoss(TokenWeights weights, Raptor raptor, Trajectory teacher, double want) {
        TrajectoryLoss loss = new TrajectoryLoss(weights, List.of(new Phase(1, DEPTH)));
        double got = loss.autoregressive(raptor.unrolled(), teacher).item();
        report.require("losses", weights.toString(), got, want, tolerances.losses());
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2", "k3"})
    void the_gradient_of_stage_2_equals_the_official_one(String k) {
        GoldenFile golden = new GoldenFile("raptor/trajectory/" + k);
        try (Scope scope = backend.openScope()) {
            Raptor raptor = raptor(k, golden);
            Trajectory teacher = trajectory(golden, "teacher", DEPTH);
            TrajectoryLoss loss = new TrajectoryLoss(TokenWeights.publishedStage2(), List.of(new Phase(1, DEPTH)));
            Gradients gradients = Backpropagation.from(loss.autoregressive(raptor.unrolled(), teacher));
            requireGradients(
                    "stage 2, gradients",
                    golden,
                    "f64/grad.stage2/",
                    gradients,
                    raptor.parameters(),
                    tolerances.losses());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k2", "k3"})
    void the_official_r2_is_reproduced_with_its_oddities(String k) {
        GoldenFile golden = new GoldenFile("raptor/trajectory/" + k);
        JsonObject values = GoldenFile.json("raptor/trajectory/" + k).getAsJsonObject("f64");
        try (Scope scope = backend.openScope()) {
            Trajectory teacher = trajectory(golden, "teacher", DEPTH);
            Trajectory surrogate = Trajectory.of(raptor(k, golden), teacher.state(0));
            TrajectoryR2 r2 = new TrajectoryR2();
            r2.accept(teacher, surrogate);
            requireR2(
                    "all layers",
                    r2.officialGlobalR2(),
                    values.get("r2_all_layers_with_embedding").getAsDouble());
            requireR2(
                    "last layer",
                    r2.officialR2(DEPTH),
                    values.get("r2_last_layer").getAsDouble());
            TrajectoryR2 swapped = new TrajectoryR2();
            swapped.accept(surrogate, teacher);
            for (int layer = 1; layer <= DEPTH; layer++) {
                JsonArray official = values.getAsJsonArray("r2_per_layer_as_official");
                JsonArray ofTeacher = values.getAsJsonArray("r2_per_layer_teacher_referenced");
                requireR2(
                        "layer " + layer,
                        r2.officialR2(layer),
                        official.get(layer - 1).getAsDouble());
                requireR2(
                        "swapped, layer " + layer,
                        swapped.officialR2(layer),
                        ofTeacher.get(layer - 1).getAsDouble());
            }
        }
    }

    /** Compared absolutely: R² is one minus a ratio, and may be near zero. */
    private void requireR2(String what, double got, double want) {
        report.require("official R²", what, 1 + got - want, 1, R2_ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"first_0_3_mse, 1, 3", "middle_3_5_mse, 4, 5", "last_5_6_weighted, 6, 6"})
    void both_losses_and_the_gradient_of_stage_1_equal_the_official_ones(String name, int first, int last) {
        GoldenFile golden = new GoldenFile("raptor/stage1/" + name);
        JsonObject losses = GoldenFile.json("raptor/stage1/" + name).getAsJsonObject("f64");
        boolean weighted = name.endsWith("weighted");
        TokenWeights weights = weighted ? TokenWeights.publishedStage1() : TokenWeights.PLAIN;
        TrajectoryLoss loss = new TrajectoryLoss(weights, List.of(new Phase(first, last)));
        for (double lambda : new double[] {1, 0.5, 0}) {
            try (Scope scope = backend.openScope()) {
                ParameterSource source = golden.source(backend, "param/");
                int[] layers =
                        java.util.stream.IntStream.rangeClosed(first, last).toArray();
                PhaseBlock block = new PhaseBlock(config("trajectory"), layers, DEPTH, LAYOUT, source);
                Trajectory teacher = stage1Teacher(golden, first, last);
                JsonObject want = losses.getAsJsonObject("lambda_" + lambda);
                double autoregressive =
                        loss.autoregressive(block.unrolled(), teacher).item();
                requireLoss(
                        "autoregressive", autoregressive, want.get("autoreg").getAsDouble());
                if (lambda > 0) {
                    double forced =
                            loss.teacherForced(block.unrolled(), teacher).item();
                    requireLoss(
                            "teacher forced", forced, want.get("teacher_forced").getAsDouble());
                }
                StepState state = new StepState(backend);
                state.begin(1, 1e-3f, (float) lambda);
                Tensor total = scope.keep(loss.of(block.unrolled(), teacher, state, lambda));
                requireLoss("total", total.item(), want.get("total").getAsDouble());
                requireGradients(
                        "stage 1, gradients",
                        golden,
                        "f64/grad.lambda_" + lambda + "/",
                        Backpropagation.from(total),
                        source.parameters(),
                        tolerances.losses());
            }
        }
    }

    private void requireLoss(String what, double got, double want) {
        report.require("stage 1, losses", what, got, want, tolerances.losses());
    }

    /** The golden states of layers first − 1 … last at their places; the other depths are never read. */
    private Trajectory stage1Teacher(GoldenFile golden, int first, int last) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= DEPTH; layer++) {
            int index = Math.min(Math.max(layer, first - 1), last) - (first - 1);
            states.add(golden.sliceTensor(backend, "sequence", index));
        }
        return new Trajectory(states, LAYOUT);
    }
}
