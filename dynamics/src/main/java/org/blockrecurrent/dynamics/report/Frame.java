package org.blockrecurrent.dynamics.report;

import java.util.List;

/** The frame of a chart with two axes: the place of the plot, its grid and labels, and the legend above it. */
final class Frame {
    static final double WIDTH = 520;
    private static final double PLOT_HEIGHT = 225;
    private static final double RIGHT = WIDTH - 14;
    private static final double LEGEND_ROW = 19;
    private static final double SAMPLE = 30;
    private static final double LEGEND_TOP = 36;

    /** One entry of the legend: its name, and how a sample of it is drawn. */
    record Entry(String name, int series, Palette.Role role, boolean filled) {}

    final Svg svg;
    final double left;
    final double top;
    final double bottom;
    private final Ticks x;
    private final Ticks y;

    Frame(String description, Ticks x, Ticks y, ValueFormat format, String xLabel, String yLabel, List<Entry> legend) {
        this.x = x;
        this.y = y;
        left = 14 + widestLabel(y, format);
        top = LEGEND_TOP + LEGEND_ROW * legendRows(legend) + 2;
        bottom = top + PLOT_HEIGHT;
        svg = new Svg(WIDTH, bottom + 42, description);
        svg.text(4, 15, "class=\"axis-name\"", yLabel);
        svg.text((left + RIGHT) / 2, bottom + 36, "class=\"axis-name\" text-anchor=\"middle\"", xLabel);
        drawLegend(legend);
    }

    private static double widestLabel(Ticks y, ValueFormat format) {
        double widest = 0;
        for (double tick : y.values()) {
            widest = Math.max(widest, Svg.widthOf(format.tick(y, tick)));
        }
        return widest;
    }

    /** The horizontal lines of the grid, and their labels. */
    void drawGrid(ValueFormat format) {
        for (double tick : y.values()) {
            svg.line(left, y(tick), RIGHT, y(tick), "class=\"grid\"");
            svg.text(left - 6, y(tick) + 4, "class=\"tick\" text-anchor=\"end\"", format.tick(y, tick));
        }
    }

    /** Marks and labels along the x axis, and the axis itself. */
    void drawXTicks() {
        for (double tick : x.values()) {
            svg.line(x(tick), bottom, x(tick), bottom + 4, "class=\"axis\"");
            svg.text(x(tick), bottom + 18, "class=\"tick\" text-anchor=\"middle\"", x.label(tick));
        }
        drawXAxis();
    }

    void drawXAxis() {
        svg.line(left, bottom, RIGHT, bottom, "class=\"axis\"");
    }

    /** Where a value lies across the drawing. */
    double x(double value) {
        double margin = 8;
        return left + margin + (value - x.low()) / (x.high() - x.low()) * (RIGHT - left - 2 * margin);
    }

    /** Where a value lies down the drawing. */
    double y(double value) {
        return bottom - (value - y.low()) / (y.high() - y.low()) * (bottom - top);
    }

    double right() {
        return RIGHT;
    }

    private static double widthOf(Entry entry) {
        return SAMPLE + Svg.widthOf(entry.name) + 16;
    }

    private static int legendRows(List<Entry> legend) {
        int rows = legend.isEmpty() ? 0 : 1;
        double at = 4;
        for (Entry entry : legend) {
            if (at > 4 && at + widthOf(entry) > WIDTH) {
                rows++;
                at = 4;
            }
            at += widthOf(entry);
        }
        return rows;
    }

    private void drawLegend(List<Entry> legend) {
        double at = 4;
        double row = LEGEND_TOP;
        for (Entry entry : legend) {
            if (at > 4 && at + widthOf(entry) > WIDTH) {
                row += LEGEND_ROW;
                at = 4;
            }
            drawSample(entry, at, row - 4);
            svg.text(at + SAMPLE, row, "class=\"legend\"", entry.name);
            at += widthOf(entry);
        }
    }

    private void drawSample(Entry entry, double at, double y) {
        String colour = Palette.colour(entry.series, entry.role);
        if (entry.filled) {
            svg.rect(at + 8, y - 6, 14, 12, "fill=\"" + colour + "\"", "");
            return;
        }
        svg.path(Palette.move(at, y) + Palette.to(at + 24, y), Palette.stroke(entry.series, entry.role), "");
        if (entry.role == Palette.Role.MODEL) {
            svg.path(Palette.marker(entry.series, entry.role, at + 12, y), "fill=\"" + colour + "\"", "");
        }
    }
}
