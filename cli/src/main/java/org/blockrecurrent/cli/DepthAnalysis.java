package org.blockrecurrent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.dynamics.Analysis;
import org.blockrecurrent.dynamics.Measure;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.dynamics.PerturbationResponse;
import org.blockrecurrent.dynamics.RandomWalk;
import org.blockrecurrent.dynamics.ShuffledLayers;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TrajectoryStream;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.training.Teacher;

/** Measures the dynamics of a teacher and its surrogates over held-out images, beside three baselines. */
final class DepthAnalysis {
    static final String TEACHER = "teacher";
    private static final String UNTRAINED = "untrained twin";
    private static final String SHUFFLED = "shuffled layers";
    private static final String WALK = "random walk";
    /** What the models are compared to: no training, no order of layers, no direction. */
    static final Set<String> BASELINES = Set.of(UNTRAINED, SHUFFLED, WALK);

    private final Teacher teacher;
    private final Backend backend;
    private final Batches batches;
    private final long seed;
    private final Progress progress;

    DepthAnalysis(Teacher teacher, Backend backend, Batches batches, long seed, Progress progress) {
        this.teacher = teacher;
        this.backend = backend;
        this.batches = batches;
        this.seed = seed;
        this.progress = progress;
    }

    /** Every measure of the teacher, of each surrogate by its name, and of the baselines. */
    MeasureTable of(Map<String, ? extends LayerMap> surrogates) {
        VisionTransformer model = teacher.model();
        MeasureTable table = measured(TEACHER, model, model);
        for (Map.Entry<String, ? extends LayerMap> surrogate : surrogates.entrySet()) {
            table = table.plus(measured(surrogate.getKey(), model, surrogate.getValue()));
        }
        return table.plus(untrained())
                .plus(measured(SHUFFLED, model, new ShuffledLayers(model, seed)))
                .plus(walk());
    }

    private MeasureTable untrained() {
        try (Scope scope = backend.openScope()) {
            VisionTransformer twin = teacher.untrainedTwin(backend, seed).model();
            return measured(UNTRAINED, twin, twin);
        }
    }

    private MeasureTable measured(String name, VisionTransformer embedding, LayerMap map) {
        List<Measure> measures = new ArrayList<>(Analysis.ofTrajectories());
        PerturbationResponse response =
                new PerturbationResponse(map, PerturbationResponse.Settings.standard(map.layers(), seed));
        measures.add(embedding.config().classes() > 0 ? response.readBy(embedding::classify) : response);
        Analysis analysis = new Analysis(name, measures);
        Counter counter = new Counter(name);
        TrajectoryStream.forEach(embedding, map, backend, batches, (trajectory, labels) -> {
            analysis.accept(trajectory, labels);
            counter.add(labels.length);
        });
        return analysis.result();
    }

    /** Of a trajectory alone: a walk has no layer map whose response could be measured. */
    private MeasureTable walk() {
        Analysis analysis = new Analysis(WALK, Analysis.ofTrajectories());
        Counter counter = new Counter(WALK);
        VisionTransformer model = teacher.model();
        TrajectoryStream.forEach(model, model, backend, batches, (trajectory, labels) -> {
            analysis.accept(RandomWalk.beside(trajectory, seed, counter.images), labels);
            counter.add(labels.length);
        });
        return analysis.result();
    }

    /** Counts the images of one model and shows them. */
    private final class Counter {
        private final String name;
        private int images;

        Counter(String name) {
            this.name = name;
        }

        void add(int more) {
            images += more;
            progress.step("dynamics of " + name, images, batches.set().count(), "images");
        }
    }
}
