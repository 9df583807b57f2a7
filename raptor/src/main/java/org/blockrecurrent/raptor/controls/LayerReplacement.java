package org.blockrecurrent.raptor.controls;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;

/**
 * The teacher with some layers computed by another of its own layers, without any training. If layers of one phase do the
 * same, one may stand in for another; across phases it may not. Representations that are alike do not show this: it is a
 * test of function.
 */
public final class LayerReplacement implements LayerMap {
    private final LayerMap teacher;
    private final TreeMap<Integer, Integer> donors;

    /** {@code donors}: which layer computes the layer that is replaced. */
    private LayerReplacement(LayerMap teacher, TreeMap<Integer, Integer> donors) {
        this.teacher = teacher;
        this.donors = donors;
    }

    /** Where the layer that stands in is taken from. */
    public enum Donor {
        INSIDE_PHASE,
        OTHER_PHASE;

        /** As written in tables: {@code inside}, {@code across}. */
        public String label() {
            return this == INSIDE_PHASE ? "inside" : "across";
        }
    }

    /**
     * Replaces {@code count} layers, chosen at random among those that could be replaced either way, so that inside and
     * across the same layers are replaced for the same seed; null if there are not so many.
     */
    public static LayerReplacement draw(LayerMap teacher, Phases phases, int count, Donor donor, long seed) {
        List<Integer> candidates = new ArrayList<>();
        for (int layer = 1; layer <= phases.layers(); layer++) {
            if (!donors(phases, layer, Donor.INSIDE_PHASE).isEmpty()
                    && !donors(phases, layer, Donor.OTHER_PHASE).isEmpty()) {
                candidates.add(layer);
            }
        }
        if (candidates.size() < count) {
            return null;
        }
        int[] order = Philox.stream(seed, "replaced layers").permutation(candidates.size());
        TreeMap<Integer, Integer> chosen = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int layer = candidates.get(order[i]);
            List<Integer> possible = donors(phases, layer, donor);
            chosen.put(
                    layer, possible.get(Philox.stream(seed, "donors " + donor).below(possible.size(), i)));
        }
        return new LayerReplacement(teacher, chosen);
    }

    private static List<Integer> donors(Phases phases, int layer, Donor donor) {
        List<Integer> possible = new ArrayList<>();
        for (int other = 1; other <= phases.layers(); other++) {
            boolean inside = phases.blockOf(other) == phases.blockOf(layer);
            if (other != layer && inside == (donor == Donor.INSIDE_PHASE)) {
                possible.add(other);
            }
        }
        return possible;
    }

    @Override
    public int layers() {
        return teacher.layers();
    }

    @Override
    public TokenLayout layout() {
        return teacher.layout();
    }

    @Override
    public Tensor step(Tensor x, int layer, Trace trace) {
        return teacher.step(x, donors.getOrDefault(layer, layer), trace);
    }

    /** {@code {3=4}}: layer 3 is computed by layer 4. */
    @Override
    public String toString() {
        return donors.toString();
    }
}
