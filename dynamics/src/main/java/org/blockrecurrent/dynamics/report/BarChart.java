package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;

/** Bars over a few categories, side by side for several series, with horizontal lines to compare them to. */
public final class BarChart implements Chart {
    private static final double GROUP_SHARE = 0.72;
    private static final double WIDEST_BAR = 64;

    private record Series(String name, double[] values) {}

    private record Reference(String name, double value) {}

    private final String yLabel;
    private final String xLabel;
    private final List<String> categories;
    private final List<Series> series = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private ValueFormat format = ValueFormat.PLAIN;

    /** With the names of its axes, units included, and a group of bars for each category. */
    public BarChart(String xLabel, String yLabel, List<String> categories) {
        this.xLabel = xLabel;
        this.yLabel = yLabel;
        this.categories = List.copyOf(categories);
    }

    /** Adds one bar a category; a value that is not finite has no bar. */
    public BarChart series(String name, double... values) {
        if (values.length != categories.size()) {
            throw new IllegalArgumentException(name + ": " + values.length + " values for the bars of " + categories);
        }
        series.add(new Series(name, values.clone()));
        return this;
    }

    /** Adds a horizontal line, such as the teacher's accuracy. */
    public BarChart reference(String name, double value) {
        references.add(new Reference(name, value));
        return this;
    }

    /** Writes values as percent. */
    public BarChart percent() {
        format = ValueFormat.PERCENT;
        return this;
    }

    @Override
    public String svg() {
        double low = 0;
        double high = 0;
        boolean any = false;
        for (double value : allValues()) {
            if (Text.isDrawable(value)) {
                low = Math.min(low, value);
                high = Math.max(high, value);
                any = true;
            }
        }
        if (!any) {
            return Svg.message("Nothing to draw: there is no finite value of " + yLabel + ".");
        }
        Ticks x = Ticks.whole(0, categories.size(), 10);
        Frame frame =
                new Frame(yLabel + " by " + xLabel, x, Ticks.around(low, high, 5), format, xLabel, yLabel, legend());
        frame.drawGrid(format);
        for (int category = 0; category < categories.size(); category++) {
            drawGroup(frame, category);
        }
        references.forEach(reference -> drawReference(frame, reference));
        for (int category = 0; category < categories.size(); category++) {
            drawValues(frame, category);
        }
        frame.drawXAxis();
        return frame.svg.close();
    }

    private List<Double> allValues() {
        List<Double> values = new ArrayList<>();
        for (Series bars : series) {
            for (double value : bars.values) {
                values.add(value);
            }
        }
        references.forEach(reference -> values.add(reference.value));
        return values;
    }

    private List<Frame.Entry> legend() {
        List<Frame.Entry> legend = new ArrayList<>();
        for (int s = 0; s < series.size(); s++) {
            legend.add(new Frame.Entry(series.get(s).name, s, Palette.Role.MODEL, true));
        }
        for (int r = 0; r < references.size(); r++) {
            legend.add(new Frame.Entry(labelOf(references.get(r)), r, Palette.Role.BASELINE, false));
        }
        return legend;
    }

    private String labelOf(Reference reference) {
        return reference.name + " " + format.text(reference.value);
    }

    private double widthOfBar(Frame frame) {
        double room = (frame.x(1) - frame.x(0)) * GROUP_SHARE;
        return Math.min(WIDEST_BAR, room / Math.max(1, series.size()));
    }

    private double middleOfBar(Frame frame, int s, int category) {
        return frame.x(category + 0.5) + (s + 0.5 - series.size() / 2.0) * widthOfBar(frame);
    }

    private void drawGroup(Frame frame, int category) {
        frame.svg.text(
                frame.x(category + 0.5),
                frame.bottom + 18,
                "class=\"tick\" text-anchor=\"middle\"",
                categories.get(category));
        double width = widthOfBar(frame) - 2;
        for (int s = 0; s < series.size(); s++) {
            double value = series.get(s).values[category];
            if (Text.isDrawable(value)) {
                double top = Math.min(frame.y(0), frame.y(value));
                double height = Math.abs(frame.y(0) - frame.y(value));
                String hover = series.get(s).name + ", " + categories.get(category) + ": " + format.text(value);
                frame.svg.rect(
                        middleOfBar(frame, s, category) - width / 2,
                        top,
                        width,
                        height,
                        "fill=\"" + Palette.colour(s, Palette.Role.MODEL) + "\"",
                        hover);
            }
        }
    }

    /** The values above their bars, over the reference lines, where there is room for them. */
    private void drawValues(Frame frame, int category) {
        for (int s = 0; s < series.size(); s++) {
            double value = series.get(s).values[category];
            String text = format.text(value);
            if (Text.isDrawable(value) && widthOfBar(frame) >= Svg.widthOf(text) * 0.8) {
                double y = frame.y(value) + (value < 0 ? 13 : -4);
                frame.svg.text(middleOfBar(frame, s, category), y, "class=\"value\" text-anchor=\"middle\"", text);
            }
        }
    }

    private void drawReference(Frame frame, Reference reference) {
        if (Text.isDrawable(reference.value)) {
            double y = frame.y(reference.value);
            String stroke = Palette.stroke(references.indexOf(reference), Palette.Role.BASELINE);
            frame.svg.path(Palette.move(frame.left, y) + Palette.to(frame.right(), y), stroke, labelOf(reference));
        }
    }

    @Override
    public Table numbers() {
        List<String> columns = new ArrayList<>(List.of(xLabel));
        series.forEach(bars -> columns.add(bars.name));
        references.forEach(reference -> columns.add(reference.name));
        List<List<String>> rows = new ArrayList<>();
        for (int category = 0; category < categories.size(); category++) {
            List<String> row = new ArrayList<>(List.of(categories.get(category)));
            for (Series bars : series) {
                row.add(format.text(bars.values[category]));
            }
            references.forEach(reference -> row.add(format.text(reference.value)));
            rows.add(row);
        }
        return new Table(columns, rows);
    }
}
