package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.List;

/**
 * Greedy contiguous bisection: of all ways to cut one phase in two, take the one with the heaviest cut, that is the largest
 * sum of dissimilarities between the two parts; repeat until there are k phases.
 *
 * <p>On the matrix of DINOv2-B this gives the published 1–7|8–12, 1–7|8–10|11–12 and 1–4|5–7|8–10|11–12. Ties go to the
 * earliest cut.
 *
 * @param minLength the least number of layers of a phase
 */
public record Bisection(int minLength) implements PhaseSplitter {
    @Override
    public String name() {
        return "bisection";
    }

    @Override
    public Phases split(DissimilarityMatrix dissimilarity, int k) {
        PhaseSplitter.requireRoom(dissimilarity.layers(), k, minLength);
        List<Phase> phases = new ArrayList<>(List.of(new Phase(1, dissimilarity.layers())));
        while (phases.size() < k) {
            Cut best = heaviest(dissimilarity, phases, k);
            Phase whole = phases.remove(best.index);
            phases.add(best.index, new Phase(best.after + 1, whole.last()));
            phases.add(best.index, new Phase(whole.first(), best.after));
        }
        return new Phases(phases);
    }

    private record Cut(int index, int after, double weight) {}

    private Cut heaviest(DissimilarityMatrix dissimilarity, List<Phase> phases, int k) {
        Cut best = new Cut(-1, 0, Double.NEGATIVE_INFINITY);
        for (int index = 0; index < phases.size(); index++) {
            Phase whole = phases.get(index);
            for (int after = whole.first() + minLength - 1; after <= whole.last() - minLength; after++) {
                double weight = weight(dissimilarity, whole, after);
                if (weight > best.weight && leavesRoom(phases, whole, after, k)) {
                    best = new Cut(index, after, weight);
                }
            }
        }
        return best;
    }

    /** True if the phases can still be cut into k after this cut. */
    private boolean leavesRoom(List<Phase> phases, Phase whole, int after, int k) {
        int possible = (after - whole.first() + 1) / minLength + (whole.last() - after) / minLength;
        for (Phase phase : phases) {
            possible += phase == whole ? 0 : phase.length() / minLength;
        }
        return possible >= k;
    }

    private static double weight(DissimilarityMatrix dissimilarity, Phase whole, int after) {
        return dissimilarity.within(whole)
                - dissimilarity.within(new Phase(whole.first(), after))
                - dissimilarity.within(new Phase(after + 1, whole.last()));
    }
}
