package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines over a common x axis: learning curves, or a measure by depth with the phases as faint bands behind it. */
public final class LineChart implements Chart {
    /** With more points than this, a line has no markers. */
    private static final int MARKED_POINTS = 30;

    private final String xLabel;
    private final String yLabel;
    private final List<Line> lines = new ArrayList<>();
    private List<PhaseBand> phases = List.of();
    private double bandShift;
    private ValueFormat format = ValueFormat.PLAIN;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    /** With the names of its axes, units included. */
    public LineChart(String xLabel, String yLabel) {
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    /** Adds a line; values that are not finite leave a gap. */
    public LineChart series(String name, double[] x, double[] y) {
        return add(name, x, y, Palette.Role.MODEL);
    }

    /** Adds a line over x = 0, 1, 2 …, such as the layers. */
    public LineChart series(String name, double[] y) {
        return series(name, counted(y.length), y);
    }

    /** Adds a second line over x = 0, 1, 2 … that belongs to the last series: its colour, dashed, not in the legend. */
    public LineChart companion(String name, double[] y) {
        return add(name, counted(y.length), y, Palette.Role.COMPANION);
    }

    /** Adds a line that others are compared to: grey and dashed. */
    public LineChart baseline(String name, double[] x, double[] y) {
        return add(name, x, y, Palette.Role.BASELINE);
    }

    /** Adds a line over x = 0, 1, 2 … that others are compared to. */
    public LineChart baseline(String name, double[] y) {
        return baseline(name, counted(y.length), y);
    }

    private LineChart add(String name, double[] x, double[] y, Palette.Role role) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(name + ": " + x.length + " places for " + y.length + " values");
        }
        Palette.Role counted = role == Palette.Role.BASELINE ? role : Palette.Role.MODEL;
        int before =
                (int) lines.stream().filter(other -> other.role() == counted).count();
        int index = role == Palette.Role.COMPANION ? Math.max(0, before - 1) : before;
        lines.add(new Line(name, x.clone(), y.clone(), role, index));
        return this;
    }

    private static double[] counted(int length) {
        double[] x = new double[length];
        for (int i = 0; i < length; i++) {
            x[i] = i;
        }
        return x;
    }

    /** Marks phases of layers behind the lines; the band of layers a … b reaches from the state a − 1 to the state b. */
    public LineChart phases(List<PhaseBand> bands) {
        phases = List.copyOf(bands);
        bandShift = 0;
        return this;
    }

    /** As {@link #phases}, where the value at ℓ is the work of layer ℓ + 1: steps of a phase lie inside its band. */
    public LineChart phasesOfSteps(List<PhaseBand> bands) {
        phases = List.copyOf(bands);
        bandShift = -0.5;
        return this;
    }

    /** Writes values as percent. */
    public LineChart percent() {
        format = ValueFormat.PERCENT;
        return this;
    }

    /** Makes the y axis include a value, such as 0 or 1. */
    public LineChart including(double value) {
        low = Math.min(low, value);
        high = Math.max(high, value);
        return this;
    }

    @Override
    public String svg() {
        double[] x = Line.range(lines, true);
        double[] y = Line.range(lines, false);
        if (x[0] > x[1] || y[0] > y[1]) {
            return Svg.message("Nothing to draw: there is no finite value of " + yLabel + ".");
        }
        Ticks xTicks = isWhole() ? Ticks.whole(x[0], x[1], 10) : Ticks.around(x[0], x[1], 8);
        Ticks yTicks = Ticks.around(Math.min(low, y[0]), Math.max(high, y[1]), 5);
        List<Frame.Entry> legend = new ArrayList<>();
        for (Line line : lines) {
            if (line.role() != Palette.Role.COMPANION) {
                legend.add(new Frame.Entry(line.name(), line.index(), line.role(), false));
            }
        }
        Frame frame = new Frame(yLabel + " by " + xLabel, xTicks, yTicks, format, xLabel, yLabel, legend);
        drawPhases(frame, xTicks);
        frame.drawGrid(format);
        frame.drawXTicks();
        lines.stream().filter(line -> line.role() != Palette.Role.MODEL).forEach(line -> draw(frame, line));
        lines.stream().filter(line -> line.role() == Palette.Role.MODEL).forEach(line -> draw(frame, line));
        return frame.svg.close();
    }

    private void drawPhases(Frame frame, Ticks x) {
        for (int i = 0; i < phases.size(); i++) {
            PhaseBand band = phases.get(i);
            double from = frame.x(Math.max(x.low(), band.first() - 1 + bandShift));
            double to = frame.x(Math.min(x.high(), band.last() + bandShift));
            if (to > from) {
                frame.svg.rect(
                        from,
                        frame.top,
                        to - from,
                        frame.bottom - frame.top,
                        "class=\"band" + i % 2 + "\"",
                        "phase " + (i + 1) + ": layers " + band.first() + " to " + band.last());
            }
        }
    }

    private void draw(Frame frame, Line line) {
        StringBuilder path = new StringBuilder();
        boolean penDown = false;
        for (int i = 0; i < line.x().length; i++) {
            boolean drawn = line.isDrawn(i);
            if (drawn) {
                double x = frame.x(line.x()[i]);
                double y = frame.y(line.y()[i]);
                path.append(penDown ? Palette.to(x, y) : Palette.move(x, y));
            }
            penDown = drawn;
        }
        frame.svg.path(path.toString(), Palette.stroke(line.index(), line.role()), line.name());
        if (line.x().length <= MARKED_POINTS) {
            drawMarkers(frame, line);
        }
    }

    private void drawMarkers(Frame frame, Line line) {
        String fill = "fill=\"" + Palette.colour(line.index(), line.role()) + "\" class=\"point\"";
        for (int i = 0; i < line.x().length; i++) {
            if (line.isDrawn(i)) {
                String marker = Palette.marker(line.index(), line.role(), frame.x(line.x()[i]), frame.y(line.y()[i]));
                frame.svg.path(
                        marker,
                        fill,
                        line.name() + ", " + xLabel + " " + Text.number(line.x()[i]) + ": " + format.text(line.y()[i]));
            }
        }
    }

    private boolean isWhole() {
        return lines.stream().allMatch(line -> Arrays.stream(line.x()).allMatch(x -> x == Math.rint(x)));
    }

    @Override
    public Table numbers() {
        return LineTable.of(xLabel, lines, format);
    }
}
