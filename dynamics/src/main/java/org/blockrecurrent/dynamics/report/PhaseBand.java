package org.blockrecurrent.dynamics.report;

/** A phase to be marked in a chart: layers {@code first} to {@code last}, both included, counted from 1. */
public record PhaseBand(int first, int last) {}
