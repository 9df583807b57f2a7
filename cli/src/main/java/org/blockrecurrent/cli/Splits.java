package org.blockrecurrent.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.PhaseStructure;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.InvalidInputException;

/** What every splitter makes of a teacher's layers, for several numbers of phases. */
record Splits(List<Split> splits) {
    /** The table's name in a run's folder. */
    static final String FILE = "phases.csv";

    /**
     * One answer.
     *
     * @param phases empty where the splitter has no partition into k phases
     * @param answer the phases and their score, or why there are none
     */
    record Split(int k, String splitter, Optional<Phases> phases, List<String> answer) {}

    static Splits of(DissimilarityMatrix matrix, List<Integer> ks) {
        List<Split> splits = new ArrayList<>();
        for (int k : ks) {
            PhaseSplitter.NAMES.forEach(splitter -> splits.add(split(matrix, splitter, k)));
        }
        return new Splits(splits);
    }

    private static Split split(DissimilarityMatrix matrix, String splitter, int k) {
        try {
            Phases phases = PhaseSplitter.named(splitter).split(matrix, k);
            String score = Format.decimals(PhaseStructure.of(matrix, phases).score(), 3);
            return new Split(k, splitter, Optional.of(phases), List.of(phases.toString(), score));
        } catch (InvalidInputException e) {
            return new Split(k, splitter, Optional.empty(), List.of(e.getMessage(), ""));
        }
    }

    /** The phases that a splitter has found, by their number. */
    Map<Integer, Phases> by(String splitter) {
        Map<Integer, Phases> found = new LinkedHashMap<>();
        for (Split split : splits) {
            if (split.splitter.equals(splitter)) {
                split.phases.ifPresent(phases -> found.put(split.k, phases));
            }
        }
        return found;
    }

    Table table() {
        List<List<String>> rows = new ArrayList<>();
        for (Split split : splits) {
            rows.add(List.of(Integer.toString(split.k), split.splitter, split.answer.get(0), split.answer.get(1)));
        }
        return new Table(List.of("k", "splitter", "phases", "score"), rows);
    }
}
