package org.blockrecurrent.cli;

import java.util.Locale;

/** Numbers as people read them. */
final class Format {
    private Format() {}

    static String decimals(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    static String percent(double share) {
        return decimals(100 * share, 1) + " %";
    }

    /** {@code 42 s}, {@code 3 min 5 s}. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
