package org.blockrecurrent.raptor.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.PhaseBlock;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.Surrogate;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.golden.GoldenFile;
import org.blockrecurrent.raptor.golden.GoldenReport;
import org.blockrecurrent.raptor.golden.GoldenTolerances;
import org.blockrecurrent.raptor.golden.KeyBias;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.optim.TeacherForcingSchedule;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whole training runs, step by step, against the official training loop, for one backend. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TrainingGoldenContract {
    private static final int DEPTH = 12;
    private static final TokenLayout LAYOUT = new TokenLayout(4, 3);
    private static final RaptorConfig CONFIG = new RaptorConfig(20, 2, 40, Mlp.Kind.SWIGLU, 1e-5f, 1e-5f, true, 16);
    /** The learning rates are the official ones to the last bit, as floats. */
    private static final double EXACT = 0;

    private Backend backend;
    private GoldenReport report;
    private GoldenTolerances tolerances;
    private long undetermined;
    private long compared;

    protected abstract Backend open();

    protected abstract GoldenTolerances tolerances();

    @BeforeAll
    void openBackend() {
        backend = open();
        tolerances = tolerances();
        report = new GoldenReport("training", backend.name());
    }

    @AfterAll
    void writeReport() {
        report.write();
        // The key biases are among them. Were they many, the comparison would be empty.
        assertTrue(undetermined < compared / 20, undetermined + " of " + compared + " elements were not compared");
        backend.close();
    }

    /** The scaled-down settings of the official runs. */
    private record Run(double learningRate, int steps, int warmupSteps, double annealShare, float weightDecay) {}

    private static final Run LONG = new Run(3e-4, 10, 3, 0.5, 1e-4f);
    private static final Run LONG_LARGE = new Run(1e-2, 10, 3, 0.5, 0.05f);
    private static final Run SHORT = new Run(3e-4, 3, 0, 1, 1e-4f);
    private static final Run SHORT_LARGE = new Run(1e-2, 3, 0, 1, 0.05f);

    @Test
    void stage_1_of_the_first_block_trains_as_the_official_loop_does() {
        trainBlock("stage1_0_7_published_init", LONG, new Phase(1, 7), TokenWeights.PLAIN);
    }

    @Test
    void stage_1_with_large_steps_and_real_weight_decay_trains_as_the_official_loop_does() {
        trainBlock("stage1_7_10_random_init", LONG_LARGE, new Phase(8, 10), TokenWeights.PLAIN);
    }

    @Test
    void stage_1_of_the_last_block_trains_on_weighted_tokens_as_the_official_loop_does() {
        trainBlock("stage1_10_12_weighted", SHORT, new Phase(11, 12), TokenWeights.publishedStage1());
    }

    @Test
    void stage_2_trains_as_the_official_loop_does() {
        trainRaptor("stage2_raptor3", LONG);
    }

    @Test
    void stage_2_with_large_steps_and_real_weight_decay_trains_as_the_official_loop_does() {
        trainRaptor("stage2_raptor3_large_steps", SHORT_LARGE);
    }

    private void trainBlock(String name, Run run, Phase phase, TokenWeights weights) {
        GoldenFile golden = new GoldenFile("raptor/training/" + name);
        try (Scope scope = backend.openScope()) {
            ParameterSource source = golden.source(backend, "initial/");
            int[] layers = IntStream.rangeClosed(phase.first(), phase.last()).toArray();
            PhaseBlock block = new PhaseBlock(CONFIG, layers, DEPTH, LAYOUT, source);
            double share = run.annealShare();
            train(name, golden, run, block, source, new TrajectoryLoss(weights, List.of(phase)), share);
        }
    }

    private void trainRaptor(String name, Run run) {
        GoldenFile golden = new GoldenFile("raptor/training/" + name);
        try (Scope scope = backend.openScope()) {
            ParameterSource source = golden.source(backend, "initial/");
            Raptor raptor = new Raptor(CONFIG, Phases.endingAt(7, 10, 12), LAYOUT, source);
            TrajectoryLoss loss = new TrajectoryLoss(TokenWeights.publishedStage2(), List.of(new Phase(1, DEPTH)));
            train(name, golden, run, raptor, source, loss, 0);
        }
    }

    private void train(
            String name,
            GoldenFile golden,
            Run run,
            Surrogate surrogate,
            ParameterSource source,
            TrajectoryLoss loss,
            double teacherForcingShare) {
        Learner learner = new Learner(name, surrogate, source, loss, AdamW.Config.of(run.weightDecay(), 1));
        WarmupCosine rate = new WarmupCosine(run.learningRate(), 1e-6, run.steps(), run.warmupSteps());
        TeacherForcingSchedule forcing = TeacherForcingSchedule.overShare(run.steps(), teacherForcingShare, 0);
        JsonObject log = GoldenFile.json("raptor/training/" + name);
        List<Trajectory> batches = batches();
        for (int step = 1; step <= run.steps(); step++) {
            int batch = log.getAsJsonArray("batch_of_step").get(step - 1).getAsInt();
            learner.step(batches.get(batch), step, rate.at(step), forcing.at(step));
            requireLog(name, log.getAsJsonObject("f64"), step, learner, rate.at(step));
            requireParameters(name, golden, step, learner);
        }
    }

    private void requireLog(String name, JsonObject log, int step, Learner learner, float learningRate) {
        String what = name + " step " + step;
        report.require("learning rate", what, learningRate, (float) at(log, "lr", step), EXACT);
        // From the second step on, both follow parameters that were trained: their tolerance holds.
        double tolerance = step == 1 ? tolerances.losses() : tolerances.trained();
        String group = step == 1 ? "first step" : "later steps";
        report.require("loss, " + group, what, learner.takeMeanLoss(), at(log, "total_loss", step), tolerance);
        report.require(
                "gradient norm, " + group,
                what,
                learner.gradientNorm(),
                at(log, "grad_norm_before_clipping", step),
                tolerance);
    }

    private static double at(JsonObject log, String key, int step) {
        JsonArray values = log.getAsJsonArray(key);
        return values.get(step - 1).getAsDouble();
    }

    /** After the steps that were stored: in double precision where there is one, else the float run. */
    private void requireParameters(String name, GoldenFile golden, int step, Learner learner) {
        for (String precision : List.of("f64", "f32")) {
            String prefix = String.format("%s/step%02d/", precision, step - 1);
            if (golden.under(prefix).isEmpty()) {
                continue;
            }
            assertEquals(
                    golden.under(prefix),
                    new java.util.TreeSet<>(learner.parameters().keySet()));
            // A golden float run is as far from the truth as ours may be: their difference may be twice that.
            double tolerance = precision.equals("f64") ? tolerances.trained() : 2 * tolerances.trained();
            for (Map.Entry<String, Tensor> parameter : learner.parameters().entrySet()) {
                String key = parameter.getKey();
                double[] want = golden.doubles(prefix + key);
                double[] got =
                        determined(parameter.getValue().toDoubles(), want, golden.doubles("f64/clipped_grad00/" + key));
                report.require(
                        "trained parameters, " + precision,
                        name + " " + prefix + key,
                        KeyBias.without(key, got),
                        KeyBias.without(key, want),
                        tolerance);
            }
        }
    }

    /**
     * Adam divides by the size of the gradient: an element whose first gradient is below the tolerance for gradients takes
     * a step of the full learning rate in a direction that is not determined. Such elements are taken from the golden values.
     */
    private double[] determined(double[] got, double[] want, double[] firstGradient) {
        double largest = 0;
        for (double g : firstGradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int i = 0; i < got.length; i++) {
            if (Math.abs(firstGradient[i]) < tolerances.losses() * largest) {
                got[i] = want[i];
                undetermined++;
            }
            compared++;
        }
        return got;
    }

    private List<Trajectory> batches() {
        GoldenFile golden = new GoldenFile("raptor/training/batches");
        List<Trajectory> batches = new ArrayList<>();
        for (int batch = 0; batch < 3; batch++) {
            List<Tensor> states = new ArrayList<>();
            for (int layer = 0; layer <= DEPTH; layer++) {
                states.add(golden.sliceTensor(backend, "batch" + batch, layer));
            }
            batches.add(new Trajectory(states, LAYOUT));
        }
        return batches;
    }
}
