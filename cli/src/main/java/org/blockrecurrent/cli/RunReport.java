package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.dynamics.report.BarChart;
import org.blockrecurrent.dynamics.report.DynamicsFigures;
import org.blockrecurrent.dynamics.report.LineChart;
import org.blockrecurrent.dynamics.report.PhaseBand;
import org.blockrecurrent.dynamics.report.Report;
import org.blockrecurrent.dynamics.report.Section;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.RaptorCard;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherCard;

/** The report of a run, part by part in the order of the story; a command leaves out what it did not do. */
final class RunReport {
    private static final String STEP = "training step";
    private static final String DEPTH = "layer ℓ";

    private final Report report;
    private Teacher teacher;

    RunReport(String title, String lead) {
        report = new Report(title).paragraph(lead);
    }

    /** The teacher, and how it learned if that was here. */
    RunReport teacher(Teacher model) {
        teacher = model;
        TeacherCard card = model.card();
        VitConfig vit = model.config();
        Section section = report.section(
                "The teacher",
                "A Vision Transformer with " + vit.layers() + " layers of " + vit.embedDim() + " channels and "
                        + vit.heads()
                        + " heads, " + vit.layout().tokens() + " tokens an image ("
                        + vit.layout().patches() + " patches, "
                        + vit.registers() + " registers, one cls token), "
                        + (card == null ? "published" : "trained on " + card.dataSet()) + ".");
        if (card != null) {
            report.highlight(Format.percent(card.accuracy()), "teacher, accuracy on held-out images");
            section.figure(
                    "Training loss",
                    curve(Map.of("teacher", card.curve()), "cross-entropy, smoothed labels"),
                    "Mean cross-entropy of the training images since the last point, on images as training shows them.");
            section.figure(
                    "Accuracy on held-out images",
                    accuracies(card.curve()),
                    "Share of the test images whose largest logit is that of their class. It ends at "
                            + Format.percent(card.accuracy()) + ".");
        }
        return this;
    }

    /** How unlike the layers are, and where they are cut. */
    RunReport phases(DissimilarityMatrix matrix, Map<Integer, Phases> byK, Table splits) {
        Section section = report.section(
                "Phases",
                "Layers that do alike form phases. Dissimilarity is one minus the cosine between an image's tokens after two "
                        + "layers (the mean of the cls token's and the mean patch's), averaged over held-out images.");
        section.figure(
                "Dissimilarity of layers",
                PhaseFigures.heatMap(matrix, byK),
                "Light squares on the diagonal are runs of layers with similar states. Outlined are the phases that the Raptors "
                        + "were given.");
        section.table("What each splitter makes of it", splits);
        return this;
    }

    /** How the Raptors learned and how well they follow the teacher. */
    RunReport raptors(List<RaptorResult> results) {
        boolean classified = !Double.isNaN(results.get(0).accuracy());
        boolean probed = !Double.isNaN(results.get(0).probeAccuracy());
        for (RaptorResult result : results) {
            if (classified) {
                report.highlight(
                        Format.percent(result.accuracy()), result.label() + ", accuracy with the teacher's head");
            } else {
                report.highlight(Format.decimals(result.r2().mean(), 3), result.label() + ", mean R²");
            }
        }
        Section section = report.section(
                "Raptors",
                "A Raptor replaces the layers of each phase by one recurrent block, applied as often as the phase has layers. "
                        + "It is trained to follow the teacher's states, and never sees a label.");
        if (probed) {
            section.figure(
                    "Accuracy",
                    accuracyBars(results, classified),
                    classified
                            ? "The last state read by the teacher's own head, and by a linear probe trained anew on it."
                            : "The last state read by a linear probe that was trained on it.");
        }
        section.figure(
                "Distance to the teacher by depth",
                epsilonChart(results),
                "ε of the Block-Recurrent Hypothesis at every depth: the mean distance between the two states, relative to the "
                        + "norm of the teacher's.");
        for (TokenGroup group : results.get(0).r2().groups()) {
            section.figure(
                    "R² by depth: " + group.label(),
                    r2Chart(results, group),
                    "Share of the teacher's variance, about its mean, that the Raptor's own rollout from the embedding explains.");
        }
        section.table("All numbers", resultTable(results));
        Map<String, LearningCurve> blocks = new LinkedHashMap<>();
        Map<String, LearningCurve> joint = new LinkedHashMap<>();
        for (RaptorResult result : results) {
            blocks.putAll(result.curves());
            joint.put(result.label(), blocks.remove(RaptorCard.JOINT));
        }
        section.figure(
                "Training, stage 1",
                curve(blocks, "loss"),
                "Each block alone, on the layers of its phase: mean-square error to the teacher's states. The warm-up and the "
                        + "fading teacher forcing show; only the last phase's error is weighted by token.");
        section.figure(
                "Training, stage 2",
                curve(joint, "loss"),
                "All blocks together, on the whole rollout from the embedding: token-weighted mean-square error.");
        return this;
    }

    /** Every measure by depth. */
    RunReport dynamics(MeasureTable table, List<PhaseBand> bands) {
        new DynamicsFigures(table, bands, DepthAnalysis.BASELINES).addTo(report);
        return this;
    }

    /** The settings that are single values, the machine, and the cost. */
    RunReport provenance(Map<String, ?> settings, Environment environment, RunClock.Cost cost) {
        Map<String, String> rows = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (!(value instanceof Record)) {
                rows.put(key, String.valueOf(value));
            }
        });
        rows.put("product", "Raptor for Java " + environment.version());
        rows.put("java", environment.java());
        rows.put(
                "system",
                environment.os() + ", " + environment.cpu() + ", " + environment.processors() + " processors");
        rows.put("device", environment.backend());
        rows.put("time", Format.duration(cost.seconds()));
        rows.put("memory", (cost.peakBytes() >> 20) + " MiB at most");
        List<List<String>> cells = new ArrayList<>();
        rows.forEach((key, value) -> cells.add(List.of(key, value)));
        report.section("How this was made", "Every setting is in " + RunDirectory.CONFIG + " beside this page.")
                .table("Settings and machine", new Table(List.of("what", "value"), cells));
        return this;
    }

    void write(Path file) {
        report.write(file);
    }

    private static LineChart curve(Map<String, LearningCurve> curves, String yLabel) {
        LineChart chart = new LineChart(STEP, yLabel);
        curves.forEach((name, curve) -> chart.series(name, steps(curve), losses(curve)));
        return chart;
    }

    private static LineChart accuracies(LearningCurve curve) {
        List<LearningCurve.Point> measured = curve.points().stream()
                .filter(point -> point.accuracy() != null)
                .toList();
        double[] x = measured.stream().mapToDouble(LearningCurve.Point::step).toArray();
        double[] y =
                measured.stream().mapToDouble(LearningCurve.Point::accuracy).toArray();
        return new LineChart(STEP, "accuracy").series("teacher", x, y).percent();
    }

    private static double[] steps(LearningCurve curve) {
        return curve.points().stream().mapToDouble(LearningCurve.Point::step).toArray();
    }

    private static double[] losses(LearningCurve curve) {
        return curve.points().stream()
                .mapToDouble(point -> point.loss() == null ? Double.NaN : point.loss())
                .toArray();
    }

    private BarChart accuracyBars(List<RaptorResult> results, boolean classified) {
        BarChart chart = new BarChart(
                "model", "accuracy", results.stream().map(RaptorResult::label).toList());
        if (classified) {
            chart.series(
                    "teacher's head",
                    results.stream().mapToDouble(RaptorResult::accuracy).toArray());
        }
        chart.series(
                "linear probe",
                results.stream().mapToDouble(RaptorResult::probeAccuracy).toArray());
        return (classified ? chart.reference("teacher", teacherAccuracy(results)) : chart).percent();
    }

    /** Of its own training, or measured beside the Raptors. */
    private double teacherAccuracy(List<RaptorResult> results) {
        return teacher.card() != null
                ? teacher.card().accuracy()
                : results.get(0).evaluation().teacherAccuracy();
    }

    private static LineChart epsilonChart(List<RaptorResult> results) {
        LineChart chart = new LineChart(DEPTH, "relative ε")
                .including(0)
                .phases(results.get(0).bands());
        for (RaptorResult result : results) {
            chart.series(result.label(), result.depths(), result.epsilon().relative());
        }
        return chart;
    }

    private static LineChart r2Chart(List<RaptorResult> results, TokenGroup group) {
        LineChart chart =
                new LineChart(DEPTH, "R²").including(1).phases(results.get(0).bands());
        for (RaptorResult result : results) {
            chart.series(result.label(), result.depths(), result.r2ByDepth(group));
        }
        return chart;
    }

    private Table resultTable(List<RaptorResult> results) {
        List<List<String>> rows = new ArrayList<>();
        for (RaptorResult result : results) {
            rows.add(List.of(
                    result.label(),
                    result.phases().toString(),
                    Format.percent(result.accuracy()),
                    Format.percent(result.accuracy() / teacherAccuracy(results)),
                    Format.percent(result.probeAccuracy()),
                    Format.decimals(result.evaluation().clsCosine(), 3),
                    Format.decimals(result.evaluation().patchCosine(), 3),
                    Format.decimals(result.r2().mean(), 3),
                    Format.decimals(result.epsilon().largest(), 2),
                    Format.decimals(result.epsilon().largestRelative(), 3),
                    Format.decimals(result.epsilon().costRatio(), 2)));
        }
        return new Table(
                List.of(
                        "model",
                        "phases",
                        "accuracy",
                        "of the teacher's",
                        "with a probe",
                        "cosine, cls",
                        "cosine, patches",
                        "mean R²",
                        "ε",
                        "relative ε",
                        "cost of a block"),
                rows);
    }
}
