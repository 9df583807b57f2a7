package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.dynamics.PerturbationResponse;

/** The figures of the response to a perturbation: the strongest push by depth, and the label flips of all pushes. */
final class PerturbationFigures {
    private static final String EPSILON = ";epsilon=";

    private final MeasureTable table;
    private final List<PhaseBand> phases;
    private final Set<String> baselines;

    PerturbationFigures(MeasureTable table, List<PhaseBand> phases, Set<String> baselines) {
        this.table = table;
        this.phases = phases;
        this.baselines = baselines;
    }

    void addTo(Section section) {
        Map<String, List<Double>> pushes = pushes();
        if (!pushes.isEmpty()) {
            section.heading("Response to a perturbation");
        }
        pushes.forEach((from, epsilons) -> {
            double strongest =
                    epsilons.stream().mapToDouble(epsilon -> epsilon).max().orElse(Double.NaN);
            addResponses(section, from, strongest);
        });
        pushes.forEach((from, epsilons) -> addFlips(section, from, epsilons));
    }

    /** The sizes ε that were tried, by the layer of the push as it stands in the condition column. */
    private Map<String, List<Double>> pushes() {
        Set<String> conditions = new LinkedHashSet<>();
        for (MeasureTable.Row row : table.rows()) {
            if (row.measure().equals(PerturbationResponse.ANGLE)
                    && row.condition().contains(EPSILON)) {
                conditions.add(row.condition());
            }
        }
        Map<String, List<Double>> pushes = new LinkedHashMap<>();
        for (String condition : conditions) {
            int split = condition.indexOf(EPSILON);
            pushes.computeIfAbsent(condition.substring(0, split), unseen -> new ArrayList<>())
                    .add(Double.valueOf(condition.substring(split + EPSILON.length())));
        }
        return pushes;
    }

    private static String title(String from) {
        return from.replace("from=", "Push at layer ");
    }

    private void addResponses(Section section, String from, double epsilon) {
        String condition = from + EPSILON + epsilon;
        Set<String> groups = new LinkedHashSet<>();
        for (MeasureTable.Row row : table.rows()) {
            if (row.measure().equals(PerturbationResponse.ANGLE)
                    && row.condition().equals(condition)) {
                groups.add(row.tokens());
            }
        }
        for (String tokens : groups) {
            MeasureTable response = table.select(PerturbationResponse.ANGLE, condition, tokens);
            section.figure(
                    title(from) + ", ε = " + Text.brief(epsilon) + ": " + DynamicsFigures.name(tokens),
                    response(response, table.select(PerturbationResponse.CARRIED_ANGLE, condition, tokens)),
                    "Angle between the perturbed and the clean path. Dashed: the same push carried along unchanged. Only a path below its "
                            + "own dashed line bends back more than growing norms alone explain. "
                            + Course.ofFirstModel(response, baselines));
        }
    }

    private LineChart response(MeasureTable response, MeasureTable carried) {
        LineChart chart = new LineChart(
                        DynamicsFigures.DEPTH, "angle to the clean path, degrees (dashed: push carried along)")
                .phases(phases)
                .including(0);
        for (String model : response.models()) {
            if (baselines.contains(model)) {
                chart.baseline(model, response.byLayer(model));
            } else {
                chart.series(model, response.byLayer(model));
                chart.companion(model + ", push carried", carried.byLayer(model));
            }
        }
        return chart;
    }

    private void addFlips(Section section, String from, List<Double> epsilons) {
        double[] x = epsilons.stream().mapToDouble(epsilon -> epsilon).toArray();
        LineChart chart = new LineChart("size of the push ε", "images whose predicted class changes")
                .percent()
                .including(0);
        Map<String, double[]> byModel = flips(from, x);
        byModel.forEach((model, flips) -> {
            if (baselines.contains(model)) {
                chart.baseline(model, x, flips);
            } else {
                chart.series(model, x, flips);
            }
        });
        if (!byModel.isEmpty()) {
            section.figure(
                    title(from) + ": label flips",
                    chart,
                    "Share of images whose predicted class a push of relative size ε at this layer changes.");
        }
    }

    private Map<String, double[]> flips(String from, double[] epsilons) {
        Map<String, double[]> byModel = new LinkedHashMap<>();
        for (int i = 0; i < epsilons.length; i++) {
            for (MeasureTable.Row row : table.select(PerturbationResponse.FLIPS, from + EPSILON + epsilons[i], "all")
                    .rows()) {
                byModel.computeIfAbsent(row.model(), unseen -> nothing(epsilons.length))[i] = row.value();
            }
        }
        return byModel;
    }

    private static double[] nothing(int length) {
        double[] values = new double[length];
        java.util.Arrays.fill(values, Double.NaN);
        return values;
    }
}
