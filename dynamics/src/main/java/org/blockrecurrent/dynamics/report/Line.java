package org.blockrecurrent.dynamics.report;

import java.util.List;

/** One line of a chart; {@code index} counts the lines of its role, for its colour. */
record Line(String name, double[] x, double[] y, Palette.Role role, int index) {
    /** False for points that leave a gap. */
    boolean isDrawn(int i) {
        return Text.isDrawable(x[i]) && Text.isDrawable(y[i]);
    }

    /** Smallest and largest coordinate of the points of all lines that are drawn; (∞, −∞) if there are none. */
    static double[] range(List<Line> lines, boolean ofX) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (Line line : lines) {
            for (int i = 0; i < line.x.length; i++) {
                if (line.isDrawn(i)) {
                    double value = ofX ? line.x[i] : line.y[i];
                    range[0] = Math.min(range[0], value);
                    range[1] = Math.max(range[1], value);
                }
            }
        }
        return range;
    }
}
