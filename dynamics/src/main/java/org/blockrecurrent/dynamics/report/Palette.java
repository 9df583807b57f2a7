package org.blockrecurrent.dynamics.report;

import java.util.List;

/**
 * How series are told apart: by colour (Okabe and Ito, <i>Color universal design</i>, distinct to colour-blind eyes), and by
 * marker or dashes, for those who print without colour. Baselines are grey and dashed, so that models stand out.
 */
final class Palette {
    private static final List<String> MODELS =
            List.of("#0072B2", "#D55E00", "#009E73", "#AA4499", "#B07A00", "#3D9CD2");
    private static final List<String> BASELINES = List.of("#5F5F5F", "#8A8A8A", "#737373", "#9C9C9C");
    private static final List<String> DASHES = List.of("7 3", "2 3", "9 3 2 3", "4 4");
    private static final int MARKERS = 4;

    private Palette() {}

    /** What a line stands for. */
    enum Role {
        /** A model: coloured and solid, with markers. */
        MODEL,
        /** A second line of a model: its colour, dashed. */
        COMPANION,
        /** What models are compared to: grey and dashed. */
        BASELINE
    }

    static String colour(int series, Role role) {
        List<String> colours = role == Role.BASELINE ? BASELINES : MODELS;
        return colours.get(series % colours.size());
    }

    /** Attributes of a line. */
    static String stroke(int series, Role role) {
        String dashes = switch (role) {
            case MODEL -> "";
            case COMPANION -> " stroke-dasharray=\"5 4\"";
            case BASELINE -> " stroke-dasharray=\"" + DASHES.get(series % DASHES.size()) + "\"";
        };
        double width = role == Role.MODEL ? 2.2 : 1.5;
        return "fill=\"none\" stroke=\"" + colour(series, role) + "\" stroke-width=\"" + width
                + "\" stroke-linejoin=\"round\"" + dashes;
    }

    /** Outline of a marker about a point: circle, square, triangle, diamond; small circles for other lines. */
    static String marker(int series, Role role, double x, double y) {
        double r = role == Role.MODEL ? 3.4 : 2;
        return switch (role == Role.MODEL ? series % MARKERS : 0) {
            case 0 -> move(x - r, y) + arc(r, x + r, y) + arc(r, x - r, y) + "Z";
            case 1 -> move(x - r, y - r) + to(x + r, y - r) + to(x + r, y + r) + to(x - r, y + r) + "Z";
            case 2 -> move(x, y - 1.3 * r) + to(x + 1.2 * r, y + r) + to(x - 1.2 * r, y + r) + "Z";
            default -> move(x, y - 1.4 * r) + to(x + 1.4 * r, y) + to(x, y + 1.4 * r) + to(x - 1.4 * r, y) + "Z";
        };
    }

    static String move(double x, double y) {
        return "M" + Svg.number(x) + " " + Svg.number(y);
    }

    static String to(double x, double y) {
        return "L" + Svg.number(x) + " " + Svg.number(y);
    }

    private static String arc(double r, double x, double y) {
        return "A" + Svg.number(r) + " " + Svg.number(r) + " 0 0 1 " + Svg.number(x) + " " + Svg.number(y);
    }
}
