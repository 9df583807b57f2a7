package org.blockrecurrent.dynamics.report;

import java.util.Locale;

/** Writes SVG elements one after the other. Looks come from the page's style sheet by class, and from attributes. */
final class Svg {
    /** Mean width of a character of the labels, in units of the drawing. */
    static final double CHARACTER = 6.9;

    private final StringBuilder out = new StringBuilder();

    /** Begins a drawing that scales with the page; the description is what a screen reader says. */
    Svg(double width, double height, String description) {
        out.append(String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">%n",
                        number(width),
                        number(height),
                        Text.escape(description))
                .replace("\r\n", "\n"));
    }

    Svg line(double x1, double y1, double x2, double y2, String attributes) {
        return element("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, attributes, "");
    }

    /** A rectangle, with a text to show on hover, or none if it is empty. */
    Svg rect(double x, double y, double width, double height, String attributes, String hover) {
        return element("rect", "x", x, "y", y, "width", width, "height", height, attributes, hover);
    }

    Svg text(double x, double y, String attributes, String text) {
        out.append("<text x=\"")
                .append(number(x))
                .append("\" y=\"")
                .append(number(y))
                .append("\" ")
                .append(attributes);
        out.append('>').append(Text.escape(text)).append("</text>\n");
        return this;
    }

    Svg path(String d, String attributes, String hover) {
        out.append("<path d=\"").append(d).append("\" ").append(attributes);
        return end("path", hover);
    }

    private Svg element(
            String tag,
            String a,
            double av,
            String b,
            double bv,
            String c,
            double cv,
            String d,
            double dv,
            String attributes,
            String hover) {
        out.append('<').append(tag);
        attribute(a, av);
        attribute(b, bv);
        attribute(c, cv);
        attribute(d, dv);
        out.append(' ').append(attributes);
        return end(tag, hover);
    }

    private void attribute(String name, double value) {
        out.append(' ').append(name).append("=\"").append(number(value)).append('"');
    }

    private Svg end(String tag, String hover) {
        if (hover.isEmpty()) {
            out.append("/>\n");
        } else {
            out.append("><title>")
                    .append(Text.escape(hover))
                    .append("</title></")
                    .append(tag)
                    .append(">\n");
        }
        return this;
    }

    String close() {
        return out.append("</svg>\n").toString();
    }

    /** A coordinate with at most two decimals. */
    static String number(double coordinate) {
        double rounded = Math.rint(coordinate * 100) / 100;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /** About how wide a label will be. */
    static double widthOf(String label) {
        return label.codePointCount(0, label.length()) * CHARACTER;
    }

    /** A drawing that says why there is nothing to see. */
    static String message(String message) {
        return new Svg(Frame.WIDTH, 80, message)
                .text(Frame.WIDTH / 2.0, 44, "class=\"empty\" text-anchor=\"middle\"", message)
                .close();
    }
}
