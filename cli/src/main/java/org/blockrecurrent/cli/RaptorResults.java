package org.blockrecurrent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.controls.IdentityMap;
import org.blockrecurrent.raptor.evaluation.RaptorEvaluation;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.probe.Features;
import org.blockrecurrent.raptor.probe.LinearProbe;
import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;

/** Compares Raptors with their teacher: on held-out images, and by a linear probe trained on the training images. */
final class RaptorResults {
    /** The table's name in a run's folder. */
    static final String FILE = "raptors-by-depth.csv";

    private static final int STEPS = 4;

    private final Teacher teacher;
    private final Backend backend;
    private final Batches training;
    private final Batches heldOut;
    private final ProbeTraining probing;
    private final Progress progress;

    RaptorResults(Teacher teacher, Backend backend, DataSet images, ProbeTraining probing, Progress progress) {
        this.teacher = teacher;
        this.backend = backend;
        this.probing = probing;
        this.progress = progress;
        int batch = TeacherOption.evaluationBatch(teacher.config());
        training = teacher.evaluation(images.train(), batch);
        heldOut = teacher.evaluation(images.test(), batch);
    }

    List<RaptorResult> of(List<TrainedRaptor> raptors) {
        List<RaptorResult> results = new ArrayList<>();
        raptors.forEach(raptor -> results.add(of(raptor)));
        return results;
    }

    private RaptorResult of(TrainedRaptor trained) {
        String task = "comparing " + RaptorResult.label(trained.k());
        progress.step(task, 0, STEPS, "steps");
        RaptorEvaluation evaluation = RaptorEvaluation.of(teacher.model(), trained.raptor(), backend, heldOut);
        progress.step(task, 1, STEPS, "steps");
        double probed = heldOut.set().classes() > 1 ? probed(trained, task) : Double.NaN;
        progress.step(task, STEPS, STEPS, "steps");
        return new RaptorResult(
                (Phases) trained.raptor().assignment(),
                evaluation,
                probed,
                trained.card().curves());
    }

    private double probed(TrainedRaptor trained, String task) {
        Features seen = features(trained, training);
        progress.step(task, 2, STEPS, "steps");
        Features unseen = features(trained, heldOut);
        progress.step(task, 3, STEPS, "steps");
        try (Scope scope = backend.openScope()) {
            LinearProbe probe = teacher.classifies(training.set())
                    ? LinearProbe.fromHead(backend, teacher.model())
                    : LinearProbe.fresh(backend, seen.width(), seen.classes(), probing.seed());
            return probe.train(seen, probing).accuracy(unseen);
        }
    }

    private Features features(TrainedRaptor trained, Batches batches) {
        return Features.of(teacher.model(), trained.raptor(), teacher.config().pooling(), backend, batches);
    }

    /** R², mean-square error and ε of every Raptor at every depth, and of the identity: what x₀ alone explains. */
    Table byDepth(List<RaptorResult> results) {
        List<List<String>> rows = new ArrayList<>();
        results.forEach(result -> rows.addAll(rows(result.label(), result.evaluation())));
        if (!results.isEmpty()) {
            rows.addAll(rows("identity", identity()));
        }
        return new Table(List.of("model", "layer", "measure", "tokens", "value"), rows);
    }

    private RaptorEvaluation identity() {
        VisionTransformer model = teacher.model();
        return RaptorEvaluation.of(model, IdentityMap.of(model), 0, 0, backend, heldOut);
    }

    private static List<List<String>> rows(String model, RaptorEvaluation evaluation) {
        List<List<String>> rows = new ArrayList<>();
        TrajectoryR2 r2 = evaluation.r2();
        for (int layer = 1; layer <= r2.depth(); layer++) {
            for (TokenGroup group : r2.groups()) {
                rows.add(row(model, layer, "r2", group.label(), r2.of(layer, group)));
                rows.add(row(model, layer, "mse", group.label(), r2.meanSquaredError(layer, group)));
            }
            rows.add(row(model, layer, "r2", "all", r2.of(layer)));
            rows.add(row(model, layer, "epsilon", "all", evaluation.recurrence().epsilon()[layer - 1]));
            rows.add(row(
                    model,
                    layer,
                    "relative-epsilon",
                    "all",
                    evaluation.recurrence().relative()[layer - 1]));
        }
        return rows;
    }

    private static List<String> row(String model, int layer, String measure, String tokens, double value) {
        return List.of(model, Integer.toString(layer), measure, tokens, String.format(Locale.ROOT, "%.6g", value));
    }
}
