package org.blockrecurrent.dynamics.report;

import java.util.Locale;
import java.util.Set;
import org.blockrecurrent.dynamics.MeasureTable;

/** The course of a quantity by depth, in words. */
final class Course {
    private Course() {}

    /** The course of the first model that is no baseline; empty if there is none. */
    static String ofFirstModel(MeasureTable rows, Set<String> baselines) {
        for (String model : rows.models()) {
            if (!baselines.contains(model)) {
                return inWords(model, rows.byLayer(model));
            }
        }
        return "";
    }

    /** Where it begins and ends, and its largest change between neighbours; empty if fewer than two values are finite. */
    static String inWords(String name, double[] byLayer) {
        int first = -1;
        int last = -1;
        int jump = -1;
        for (int layer = 0; layer < byLayer.length; layer++) {
            if (Double.isFinite(byLayer[layer])) {
                first = first < 0 ? layer : first;
                boolean larger = jump < 0 || change(byLayer, layer) > change(byLayer, jump);
                jump = last == layer - 1 && last >= 0 && larger ? layer : jump;
                last = layer;
            }
        }
        if (jump < 0) {
            return "";
        }
        String verb = Math.abs(byLayer[last] - byLayer[first]) < 1e-9 ? "stays at" : "goes from";
        String ends = verb.equals("stays at")
                ? Text.brief(byLayer[first])
                : String.format(
                        Locale.ROOT,
                        "%s (ℓ\u00A0=\u00A0%d) to %s (ℓ\u00A0=\u00A0%d)",
                        Text.brief(byLayer[first]),
                        first,
                        Text.brief(byLayer[last]),
                        last);
        String most = change(byLayer, jump) > 0
                ? String.format(Locale.ROOT, "; it changes most between ℓ\u00A0=\u00A0%d and %d", jump - 1, jump)
                : "";
        return capitalised(name) + " " + verb + " " + ends + most + ".";
    }

    private static double change(double[] values, int layer) {
        return Math.abs(values[layer] - values[layer - 1]);
    }

    private static String capitalised(String name) {
        return name.isEmpty()
                ? name
                : name.substring(0, name.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
                        + name.substring(name.offsetByCodePoints(0, 1));
    }
}
