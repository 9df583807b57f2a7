package org.blockrecurrent.dynamics.report;

/** Something that can be drawn, and read as numbers too. */
public sealed interface Chart permits LineChart, BarChart, HeatMap {
    /** An {@code <svg>} element. */
    String svg();

    /** The numbers that are drawn. */
    Table numbers();
}
