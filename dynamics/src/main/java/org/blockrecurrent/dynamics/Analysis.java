package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.Trajectory;

/** All measures of one model over one stream of batches; every state is read to the host once. */
public final class Analysis {
    private final String model;
    private final List<Measure> measures;

    /** Asks for the given measures, of the model that the rows will name. */
    public Analysis(String model, List<Measure> measures) {
        this.model = model;
        this.measures = List.copyOf(measures);
    }

    /** The measures that need the trajectory alone: convergence, speed, coherence, update rank, class basins. */
    public static List<Measure> ofTrajectories() {
        return List.of(
                new DirectionalConvergence(),
                new AngularSpeed(),
                new TokenCoherence(),
                new UpdateRank(),
                new ClassBasins());
    }

    /** All measures, with the response to a perturbation of the states of a layer map. */
    public static List<Measure> ofLayerMap(LayerMap map, PerturbationResponse.Settings settings) {
        List<Measure> all = new ArrayList<>(ofTrajectories());
        all.add(new PerturbationResponse(map, settings));
        return all;
    }

    /** Takes the next batch of raw states. */
    public void accept(Trajectory trajectory, int[] labels) {
        HostTrajectory states = HostTrajectory.read(trajectory);
        for (Measure measure : measures) {
            measure.accept(states, labels);
        }
    }

    /** Adds an analysis with the same measures that saw the part of the stream after this one's. */
    public void merge(Analysis next) {
        if (next.measures.size() != measures.size()) {
            throw new IllegalArgumentException("analyses of different measures cannot be merged");
        }
        for (int i = 0; i < measures.size(); i++) {
            measures.get(i).merge(next.measures.get(i));
        }
    }

    /** What was measured so far. */
    public MeasureTable result() {
        List<MeasureTable.Row> rows = new ArrayList<>();
        for (Measure measure : measures) {
            rows.addAll(measure.result(model));
        }
        return new MeasureTable(rows);
    }
}
