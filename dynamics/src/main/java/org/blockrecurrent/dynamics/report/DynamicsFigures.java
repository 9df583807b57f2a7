package org.blockrecurrent.dynamics.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.dynamics.AngularSpeed;
import org.blockrecurrent.dynamics.ClassBasins;
import org.blockrecurrent.dynamics.DirectionalConvergence;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.dynamics.TokenCoherence;
import org.blockrecurrent.dynamics.UpdateRank;

/**
 * The figures of a measure table: each measure by depth, one chart for each token group, with models as lines, baselines as grey
 * dashes and phases as bands. The first model that is not a baseline (the teacher) is the one that captions put in words.
 */
public final class DynamicsFigures {
    static final String DEPTH = "layer ℓ";
    private static final String STEP = "layer ℓ (step ℓ → ℓ + 1)";
    private static final Map<String, String> TOKEN_NAMES =
            Map.of("cls", "cls token", "registers", "registers", "patches", "patches", "mean-patch", "mean patch");

    private final MeasureTable table;
    private final List<PhaseBand> phases;
    private final Set<String> baselines;

    /** Of a table, with the phases to mark, and the names of the models that are baselines. */
    public DynamicsFigures(MeasureTable table, List<PhaseBand> phases, Set<String> baselines) {
        this.table = table;
        this.phases = List.copyOf(phases);
        this.baselines = Set.copyOf(baselines);
    }

    /** Adds a section with every measure that the table has. */
    public void addTo(Report report) {
        Section section = report.section(
                "Depth as a dynamical system",
                "Each token is followed through the layers as a direction on the unit sphere. Lines are models, grey dashes are "
                        + "baselines without the trained order of layers; bands mark the phases that were found.");
        addConvergence(section);
        addSpeed(section);
        addCoherence(section);
        addRank(section);
        addBasins(section);
        new PerturbationFigures(table, phases, baselines).addTo(section);
    }

    private void addConvergence(Section section) {
        section.heading("Directional convergence");
        for (String tokens : groups(DirectionalConvergence.NAME, "")) {
            LineChart chart = chart(DirectionalConvergence.NAME, "", tokens, DEPTH, "γ, cosine to the last state")
                    .including(1);
            section.figure(
                    "Convergence: " + name(tokens),
                    chart,
                    "Cosine between a token's direction at layer ℓ and at the end: 1 means that it has arrived. "
                            + course(DirectionalConvergence.NAME, "", tokens));
        }
    }

    private void addSpeed(Section section) {
        section.heading("Angular speed");
        for (String tokens : groups(AngularSpeed.NAME, "")) {
            LineChart chart = chart(AngularSpeed.NAME, "", tokens, STEP, "angle turned in one step, degrees")
                    .including(0);
            section.figure(
                    "Speed: " + name(tokens),
                    chart,
                    "How far a direction turns in the step that leaves layer ℓ; low inside a phase that repeats one map near a fixed "
                            + "direction, high where the direction is reset. " + course(AngularSpeed.NAME, "", tokens));
        }
    }

    private void addCoherence(Section section) {
        section.heading("Coherence of patches");
        for (String tokens : groups(TokenCoherence.NAME, "")) {
            section.figure(
                    "Coherence κ",
                    chart(TokenCoherence.NAME, "", tokens, DEPTH, "κ, length of the mean direction")
                            .including(0)
                            .including(1),
                    "Length of the mean of an image's patch directions: 1 if all point the same way, about 1/√n for n random ones. "
                            + course(TokenCoherence.NAME, "", tokens));
            section.figure(
                    "Cosine of two patches",
                    chart(TokenCoherence.PAIRS, "", tokens, DEPTH, "mean cosine of two patches")
                            .including(0),
                    "Mean cosine between two different patches of one image, 0 for random directions whatever their number. "
                            + course(TokenCoherence.PAIRS, "", tokens));
        }
    }

    private void addRank(Section section) {
        section.heading("Rank of updates");
        for (String tokens : groups(UpdateRank.STABLE, "")) {
            section.figure(
                    "Stable rank: " + name(tokens),
                    chart(UpdateRank.STABLE, "", tokens, STEP, "stable rank of updates")
                            .including(0),
                    "Σσ² / σ₁² of the updates of directions, over tokens and images: low where they share few directions. "
                            + course(UpdateRank.STABLE, "", tokens));
            section.figure(
                    "Effective rank: " + name(tokens),
                    chart(UpdateRank.EFFECTIVE, "", tokens, STEP, "effective rank of updates")
                            .including(0),
                    "Exponential of the entropy of the updates' variance over directions: how many directions carry it. "
                            + course(UpdateRank.EFFECTIVE, "", tokens));
        }
    }

    private void addBasins(Section section) {
        section.heading("Class basins");
        for (String tokens : groups(ClassBasins.WITHIN_ANGLE, "")) {
            section.figure(
                    "Angles within and between classes: " + name(tokens),
                    basins(tokens),
                    "Angle of the mean cosine of two images of one class (solid) and of two classes (dashed). The wider the gap, the "
                            + "more compact the classes. " + course(ClassBasins.WITHIN_ANGLE, "", tokens));
            section.figure(
                    "Nearest class centroid: " + name(tokens),
                    chart(ClassBasins.ACCURACY, "", tokens, DEPTH, "images nearest to their own class")
                            .percent()
                            .including(0),
                    "Share of held-out images whose nearest class centroid, by angle, is their own. "
                            + course(ClassBasins.ACCURACY, "", tokens));
        }
    }

    private LineChart basins(String tokens) {
        LineChart chart = new LineChart(DEPTH, "degrees (solid: within a class, dashed: between classes)")
                .phases(phases)
                .including(0);
        MeasureTable within = table.select(ClassBasins.WITHIN_ANGLE, "", tokens);
        MeasureTable between = table.select(ClassBasins.BETWEEN_ANGLE, "", tokens);
        for (String model : within.models()) {
            if (!baselines.contains(model)) {
                chart.series(model, within.byLayer(model));
                chart.companion(model + ", between classes", between.byLayer(model));
            }
        }
        return chart;
    }

    private LineChart chart(String measure, String condition, String tokens, String xLabel, String yLabel) {
        LineChart chart = new LineChart(xLabel, yLabel);
        LineChart marked = xLabel.equals(STEP) ? chart.phasesOfSteps(phases) : chart.phases(phases);
        MeasureTable rows = table.select(measure, condition, tokens);
        rows.models().forEach(model -> addLine(marked, model, rows));
        return marked;
    }

    private void addLine(LineChart chart, String model, MeasureTable rows) {
        if (baselines.contains(model)) {
            chart.baseline(model, rows.byLayer(model));
        } else {
            chart.series(model, rows.byLayer(model));
        }
    }

    private Set<String> groups(String measure, String condition) {
        return new MeasureTable(table.rows().stream()
                        .filter(row ->
                                row.measure().equals(measure) && row.condition().equals(condition))
                        .toList())
                .tokenGroups();
    }

    static String name(String tokens) {
        return TOKEN_NAMES.getOrDefault(tokens, tokens);
    }

    private String course(String measure, String condition, String tokens) {
        return Course.ofFirstModel(table.select(measure, condition, tokens), baselines);
    }
}
