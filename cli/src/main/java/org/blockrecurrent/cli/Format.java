package org.blockrecurrent.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Format {
    private static final String NOTHING = "–";

    private Format() {}

    /** With so many digits after the point; a dash for what could not be measured. */
    static String decimals(double value, int digits) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** {@code 97.3 %}; a dash for what could not be measured. */
    static String percent(double share) {
        return Double.isNaN(share) ? NOTHING : decimals(100 * share, 1) + " %";
    }

    /** {@code 42 s}, {@code 3 min 5 s}. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
