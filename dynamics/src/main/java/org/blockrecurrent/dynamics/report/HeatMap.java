package org.blockrecurrent.dynamics.report;

import java.util.ArrayList;
import java.util.List;

/** A square matrix of layers by layers, light for low values and dark for high, with phases outlined on its diagonal. */
public final class HeatMap implements Chart {
    private static final double SIZE = 392;
    private static final double LEFT = 34;
    private static final double SCALE_LEFT = LEFT + SIZE + 16;
    /** Values are written into the cells of matrices up to this size. */
    private static final int WRITTEN = 14;
    /** Light to dark blue, in equal steps of lightness. */
    private static final int[] LIGHT = {247, 251, 255};

    private static final int[] DARK = {8, 48, 107};
    private static final int SCALE_STEPS = 24;

    private record Outline(String name, List<PhaseBand> phases) {}

    private final String what;
    private final double[][] values;
    private final List<Outline> outlines = new ArrayList<>();

    /** Of a matrix (L, L) whose rows and columns are the layers 1 … L; {@code what} names the value and its unit. */
    public HeatMap(String what, double[][] values) {
        this.what = what;
        this.values = values.clone();
        for (double[] row : values) {
            if (row.length != values.length) {
                throw new IllegalArgumentException(
                        "a heat map of layers is square: " + values.length + " rows, " + row.length + " columns");
            }
        }
    }

    /** Outlines the phases of a segmentation, named such as {@code k = 3}. */
    public HeatMap phases(String name, List<PhaseBand> bands) {
        outlines.add(new Outline(name, List.copyOf(bands)));
        return this;
    }

    @Override
    public String svg() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double[] row : values) {
            for (double value : row) {
                if (Text.isDrawable(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        if (low > high) {
            return Svg.message("Nothing to draw: there is no finite value of " + what + ".");
        }
        Svg svg = new Svg(Frame.WIDTH, top() + SIZE + 42, what + " between layers");
        svg.text(4, 15, "class=\"axis-name\"", what);
        drawLegend(svg);
        drawCells(svg, low, high);
        drawOutlines(svg);
        drawScale(svg, low, high);
        return svg.close();
    }

    private double top() {
        return outlines.isEmpty() ? 28 : 50;
    }

    private double cell() {
        return SIZE / values.length;
    }

    private void drawCells(Svg svg, double low, double high) {
        for (int i = 0; i < values.length; i++) {
            double middle = (i + 0.5) * cell();
            svg.text(LEFT - 6, top() + middle + 4, "class=\"tick\" text-anchor=\"end\"", Integer.toString(i + 1));
            svg.text(
                    LEFT + middle, top() + SIZE + 17, "class=\"tick\" text-anchor=\"middle\"", Integer.toString(i + 1));
            for (int j = 0; j < values.length; j++) {
                drawCell(svg, i, j, shade(values[i][j], low, high));
            }
        }
        svg.text(LEFT + SIZE / 2, top() + SIZE + 36, "class=\"axis-name\" text-anchor=\"middle\"", "layer ℓ");
    }

    /** Where a value lies between the lowest (0) and the highest (1); NaN if it has no place. */
    private static double shade(double value, double low, double high) {
        if (!Text.isDrawable(value)) {
            return Double.NaN;
        }
        return high > low ? (value - low) / (high - low) : 0;
    }

    private void drawCell(Svg svg, int i, int j, double shade) {
        double x = LEFT + j * cell();
        double y = top() + i * cell();
        String hover = "layers " + (i + 1) + " and " + (j + 1) + ": " + Text.number(values[i][j]);
        svg.rect(x, y, cell(), cell(), "fill=\"" + colour(shade) + "\" class=\"cell\"", hover);
        if (values.length <= WRITTEN) {
            String ink = shade > 0.55 ? "class=\"cell-light\"" : "class=\"cell-dark\"";
            svg.text(x + cell() / 2, y + cell() / 2 + 4, ink + " text-anchor=\"middle\"", Text.fixed(values[i][j], 2));
        }
    }

    private static String colour(double shade) {
        if (Double.isNaN(shade)) {
            return "#EEEEEE";
        }
        StringBuilder colour = new StringBuilder("#");
        for (int channel = 0; channel < 3; channel++) {
            long value = Math.round(LIGHT[channel] + shade * (DARK[channel] - LIGHT[channel]));
            colour.append(String.format(java.util.Locale.ROOT, "%02X", value));
        }
        return colour.toString();
    }

    /** Outlines lie one inside the other, so that a boundary that two segmentations share shows twice. */
    private void drawOutlines(Svg svg) {
        for (int o = 0; o < outlines.size(); o++) {
            double inset = 2 + 4.0 * o;
            for (PhaseBand band : outlines.get(o).phases) {
                double start = (band.first() - 1) * cell() + inset;
                double side = (band.last() - band.first() + 1) * cell() - 2 * inset;
                svg.rect(
                        LEFT + start,
                        top() + start,
                        side,
                        side,
                        outlineStroke(o),
                        describe(outlines.get(o).name, band));
            }
        }
    }

    private static String describe(String name, PhaseBand band) {
        return name + ": layers " + band.first() + " to " + band.last();
    }

    private static String outlineStroke(int outline) {
        String dashes = outline % 2 == 0 ? "" : " stroke-dasharray=\"6 4\"";
        return "fill=\"none\" stroke=\"" + Palette.colour(outline + 1, Palette.Role.MODEL) + "\" stroke-width=\"3\""
                + dashes;
    }

    private void drawLegend(Svg svg) {
        double at = 4;
        for (int o = 0; o < outlines.size(); o++) {
            svg.rect(at + 2, 27, 20, 12, outlineStroke(o), "");
            String name = outlines.get(o).name;
            svg.text(at + 30, 37, "class=\"legend\"", name);
            at += 30 + Svg.widthOf(name) + 18;
        }
    }

    private void drawScale(Svg svg, double low, double high) {
        double step = SIZE / SCALE_STEPS;
        for (int i = 0; i < SCALE_STEPS; i++) {
            double shade = 1 - (i + 0.5) / SCALE_STEPS;
            svg.rect(SCALE_LEFT, top() + i * step, 14, step + 0.5, "fill=\"" + colour(shade) + "\"", "");
        }
        svg.text(SCALE_LEFT + 19, top() + 10, "class=\"tick\"", Text.fixed(high, 2));
        svg.text(SCALE_LEFT + 19, top() + SIZE / 2 + 4, "class=\"tick\"", Text.fixed((low + high) / 2, 2));
        svg.text(SCALE_LEFT + 19, top() + SIZE, "class=\"tick\"", Text.fixed(low, 2));
    }

    @Override
    public Table numbers() {
        List<String> columns = new ArrayList<>(List.of("layer"));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            columns.add(Integer.toString(i + 1));
            List<String> row = new ArrayList<>(List.of(Integer.toString(i + 1)));
            for (double value : values[i]) {
                row.add(Text.number(value));
            }
            rows.add(row);
        }
        return new Table(columns, rows);
    }
}
