package org.blockrecurrent.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.blockrecurrent.dynamics.report.HeatMap;
import org.blockrecurrent.dynamics.report.PhaseBand;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.Phases;

/** Phases as charts want them. */
final class PhaseFigures {
    private PhaseFigures() {}

    static List<PhaseBand> bands(Phases phases) {
        return phases.phases().stream()
                .map(phase -> new PhaseBand(phase.first(), phase.last()))
                .toList();
    }

    /** As {@code --phases} takes them: {@code 1-4|5-8}. */
    static String asOption(Phases phases) {
        return phases.phases().stream()
                .map(phase -> phase.first() + "-" + phase.last())
                .collect(Collectors.joining("|"));
    }

    /** The matrix with the phases of each k outlined. */
    static HeatMap heatMap(DissimilarityMatrix matrix, Map<Integer, Phases> byK) {
        HeatMap map = new HeatMap("dissimilarity (1 − cosine)", matrix.toArray());
        byK.forEach((k, phases) -> map.phases("k = " + k, bands(phases)));
        return map;
    }
}
