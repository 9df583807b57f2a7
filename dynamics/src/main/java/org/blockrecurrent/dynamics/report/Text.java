package org.blockrecurrent.dynamics.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Text and numbers as they stand in the page. */
final class Text {
    /** What stands in a table for a value that is not finite. */
    static final String NO_VALUE = "–";

    private static final int SIGNIFICANT_DIGITS = 4;
    private static final double LARGE = 1e7;
    private static final double SMALL = 1e-4;

    private Text() {}

    /** Escapes for element content and attribute values; characters that XML forbids become U+FFFD. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int c) {
        boolean control = c < ' ' && c != '\t' && c != '\n' && c != '\r';
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !surrogate && c != 0xFFFE && c != 0xFFFF;
    }

    /** Four significant digits; whole numbers in full. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return NO_VALUE;
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < LARGE) {
            return Long.toString((long) value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN));
        return size >= SMALL && size < LARGE
                ? rounded.toPlainString()
                : rounded.stripTrailingZeros().toString();
    }

    /** As {@link #number}, without zeros at the end: for running text. */
    static String brief(double value) {
        String number = number(value);
        boolean trailing = number.indexOf('.') >= 0 && number.indexOf('E') < 0;
        return trailing ? number.replaceAll("\\.?0+$", "") : number;
    }

    /** With a fixed number of decimals. */
    static String fixed(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return NO_VALUE;
        }
        String text =
                new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }

    /** A share as percent with one decimal: {@code 0.8512 → 85.1 %}. */
    static String percent(double value) {
        return Double.isFinite(value) ? fixed(100 * value, 1) + " %" : NO_VALUE;
    }

    /** True for values that a chart can place: finite, and far from overflow. */
    static boolean isDrawable(double value) {
        return Math.abs(value) < 1e150;
    }
}
