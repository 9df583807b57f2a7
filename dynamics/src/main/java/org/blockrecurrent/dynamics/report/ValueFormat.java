package org.blockrecurrent.dynamics.report;

/** How the values of a chart are written. */
public enum ValueFormat {
    /** As they are. */
    PLAIN,
    /** Shares of one as percent. */
    PERCENT;

    String text(double value) {
        return this == PERCENT ? Text.percent(value) : Text.number(value);
    }

    String tick(Ticks ticks, double value) {
        return this == PERCENT ? Text.fixed(100 * value, Math.max(0, ticks.decimals() - 2)) + " %" : ticks.label(value);
    }
}
