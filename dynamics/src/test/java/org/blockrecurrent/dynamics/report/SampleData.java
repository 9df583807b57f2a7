package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.blockrecurrent.dynamics.AngularSpeed;
import org.blockrecurrent.dynamics.ClassBasins;
import org.blockrecurrent.dynamics.DirectionalConvergence;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.dynamics.PerturbationResponse;
import org.blockrecurrent.dynamics.TokenCoherence;
import org.blockrecurrent.dynamics.UpdateRank;
import org.blockrecurrent.tensor.random.Philox;

/** Numbers made up so that every kind of figure has something to show; they mean nothing. */
final class SampleData {
    static final int LAYERS = 8;
    static final List<PhaseBand> TWO = List.of(new PhaseBand(1, 5), new PhaseBand(6, 8));
    static final List<PhaseBand> THREE = List.of(new PhaseBand(1, 3), new PhaseBand(4, 6), new PhaseBand(7, 8));
    static final Set<String> BASELINES = Set.of("untrained", "shuffled layers", "identity", "random walk");
    private static final List<String> MODELS =
            List.of("teacher", "raptor k=2", "raptor k=3", "untrained", "shuffled layers", "identity", "random walk");

    private SampleData() {}

    /** A function of depth (0 … 1), of the model's number, and of noise. */
    private interface Curve {
        double at(double depth, int model);
    }

    static MeasureTable measures() {
        List<MeasureTable.Row> rows = new ArrayList<>();
        for (String tokens : List.of("cls", "patches")) {
            add(
                    rows,
                    DirectionalConvergence.NAME,
                    "",
                    tokens,
                    LAYERS,
                    (t, m) -> m > 4 ? 1 - 0.1 * m * (1 - t) : 1 / (1 + Math.exp(8 - 12 * t - m)) + (t == 1 ? 0.02 : 0));
            add(
                    rows,
                    AngularSpeed.NAME,
                    "",
                    tokens,
                    LAYERS - 1,
                    (t, m) -> m == 5 ? 0 : 20 + 6 * m + 30 * Math.pow(t, 6 - m % 3));
            add(rows, UpdateRank.STABLE, "", tokens, LAYERS - 1, (t, m) -> m == 5 ? Double.NaN : 30 - 22 * t + 4 * m);
            add(
                    rows,
                    UpdateRank.EFFECTIVE,
                    "",
                    tokens,
                    LAYERS - 1,
                    (t, m) -> m == 5 ? Double.NaN : 70 - 22 * t + 4 * m);
        }
        add(rows, TokenCoherence.NAME, "", "patches", LAYERS, (t, m) -> 0.3 + 0.5 * t * t - 0.03 * m);
        add(rows, TokenCoherence.PAIRS, "", "patches", LAYERS, (t, m) -> 0.1 + 0.5 * t * t - 0.03 * m);
        for (String tokens : List.of("cls", ClassBasins.MEAN_PATCH)) {
            add(rows, ClassBasins.WITHIN_ANGLE, "", tokens, LAYERS, (t, m) -> 40 - 20 * t + m);
            add(rows, ClassBasins.BETWEEN_ANGLE, "", tokens, LAYERS, (t, m) -> 42 + 40 * t * t - 2 * m);
            add(rows, ClassBasins.ACCURACY, "", tokens, LAYERS, (t, m) -> 0.1 + 0.7 * t / (1 + 0.3 * m));
        }
        for (int from : new int[] {0, 2}) {
            for (double epsilon : new double[] {0.05, 0.2}) {
                String condition = "from=" + from + ";epsilon=" + epsilon;
                int first = from;
                add(
                        rows,
                        PerturbationResponse.ANGLE,
                        condition,
                        "cls",
                        LAYERS,
                        (t, m) -> t * LAYERS < first ? Double.NaN : epsilon * 57 * (1 - 0.6 * t) + m);
                add(
                        rows,
                        PerturbationResponse.CARRIED_ANGLE,
                        condition,
                        "cls",
                        LAYERS,
                        (t, m) -> t * LAYERS < first ? Double.NaN : epsilon * 57 * (1 - 0.4 * t));
                add(rows, PerturbationResponse.FLIPS, condition, "all", 0, (t, m) -> epsilon * (1 + m) / 2);
            }
        }
        return new MeasureTable(rows);
    }

    private static void add(
            List<MeasureTable.Row> rows, String measure, String condition, String tokens, int last, Curve curve) {
        for (int model = 0; model < MODELS.size(); model++) {
            for (int layer = 0; layer <= last; layer++) {
                double value = curve.at((double) layer / LAYERS, model);
                rows.add(new MeasureTable.Row(measure, condition, MODELS.get(model), layer, tokens, value, "", 2000));
            }
        }
    }

    static double[][] dissimilarity() {
        double[][] matrix = new double[LAYERS][LAYERS];
        for (int i = 0; i < LAYERS; i++) {
            for (int j = 0; j < LAYERS; j++) {
                double apart = Math.abs(i - j) * 0.06 + (i / 3 == j / 3 ? 0 : 0.15) + (i >= 5 == j >= 5 ? 0 : 0.3);
                matrix[i][j] = i == j ? 0 : apart;
            }
        }
        return matrix;
    }

    private static LineChart learningCurves() {
        Philox noise = Philox.stream(1, "sample");
        double[] steps = new double[300];
        double[] teacher = new double[300];
        double[] stage1 = new double[300];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = 5.0 * i;
            teacher[i] = 0.6 + 1.7 * Math.exp(-i / 60.0) + 0.05 * noise.normal(i);
            stage1[i] = i < 100 ? Double.NaN : 0.2 + 0.5 * Math.exp(-(i - 100) / 60.0) + 0.02 * noise.normal(1000 + i);
        }
        return new LineChart("step", "training loss")
                .series("teacher", steps, teacher)
                .series("raptor k=3, stage 1", steps, stage1)
                .including(0);
    }

    static Report report() {
        Report report = new Report("Sample: a small ViT rewritten with three blocks & <made-up> numbers")
                .paragraph(
                        "This page is written by a test, from numbers that were made up. It shows what each kind of figure looks like, "
                                + "with a paragraph about as long as those of a real run, so that the length of lines can be judged.")
                .highlight("85.0 %", "teacher accuracy")
                .highlight("83.7 %", "Raptor with k = 3 blocks")
                .highlight("82.1 %", "Raptor with k = 2 blocks")
                .highlight("0.94", "R² of the last state, k = 3")
                .highlight("9 min 12 s", "whole run, 2 threads");
        Section run = report.section("The run", "What was trained, on what, and how it came out.");
        run.table(
                "Models",
                new Table(
                        List.of("model", "phases", "parameters", "accuracy", "R²", "seconds"),
                        List.of(
                                List.of("teacher", "1 | 2 | … | 8", "902,410", "85.0 %", "1", "312.4"),
                                List.of("raptor k=2", "1–5 | 6–8", "301,210", "82.1 %", "0.91", "102"),
                                List.of("raptor k=3", "1–3 | 4–6 | 7–8", "451,830", "83.7 %", "0.94", "131"))));
        run.figure(
                "Learning curves",
                learningCurves(),
                "Loss of every fifth step. The loss of a Raptor is of another kind than the teacher's: the two do not compare, their flattening does.");
        run.figure(
                "Accuracy by number of blocks",
                new BarChart("blocks k", "accuracy on the test images", List.of("k = 2", "k = 3"))
                        .series("stage 1", 0.62, 0.745)
                        .series("stage 2", 0.821, 0.837)
                        .reference("teacher", 0.85)
                        .percent(),
                "Share of the 2,000 test images that are classified correctly by the teacher's own head, read from the last state of each surrogate.");
        Section phases = report.section("Phases", "Layers whose states point the same way can share a block.");
        phases.figure(
                "Dissimilarity of layers",
                new HeatMap("1 − cosine, mean of cls and mean patch", dissimilarity())
                        .phases("k = 2", TWO)
                        .phases("k = 3", THREE),
                "Light blocks on the diagonal are runs of layers that do alike. Outlines are the phases that the bisection found.");
        phases.figure(
                "R² by depth",
                new LineChart("layer ℓ", "R² of the surrogate's state")
                        .phases(THREE)
                        .including(1)
                        .series("k = 2", new double[] {1, .98, .97, .95, .93, .9, .88, .85, .8})
                        .series("k = 3", new double[] {1, .99, .985, .97, .965, .95, .94, .93, .91}),
                "Share of the teacher's variance that the surrogate explains at each depth, about the teacher's mean of each channel.");
        new DynamicsFigures(measures(), THREE, BASELINES).addTo(report);
        report.section("Edge cases")
                .figure("Nothing", new LineChart("x", "y").series("none", new double[0]), "An empty chart says so.")
                .figure(
                        "Signs",
                        new BarChart("category", "value", List.of("a", "b <&>", "c"))
                                .series("s", -1.25, 2.5, Double.NaN),
                        "Bars below zero, and a gap.");
        return report;
    }
}
