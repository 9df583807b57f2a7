package org.blockrecurrent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.evaluation.BlockRecurrence;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.TrajectoryStream;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Evaluation;
import org.blockrecurrent.vit.training.Teacher;

/** Compares Raptors with their teacher on held-out images. */
final class RaptorResults {
  /** The table's name in a run's folder. */
  static final String FILE = "raptors-by-depth.csv";

  private final Teacher teacher;
  private final Backend backend;
  private final Batches heldOut;
  private final Progress progress;

  RaptorResults(Teacher teacher, Backend backend, DataSet images, Progress progress) {
    this.teacher = teacher;
    this.backend = backend;
    this.progress = progress;
    heldOut = teacher.evaluation(images.test(), TeacherOption.EVALUATION_BATCH);
  }

  RaptorResult of(TrainedRaptor trained) {
    VisionTransformer model = teacher.model();
    TrajectoryR2 r2 = new TrajectoryR2();
    BlockRecurrence epsilon = new BlockRecurrence();
    String label = RaptorResult.label(trained.k());
    int[] done = {0};
    TrajectoryStream.forEach(model, model, backend, heldOut, (states, labels) -> {
      Trajectory surrogate = Trajectory.of(trained.raptor(), states.state(0));
      r2.accept(states, surrogate);
      epsilon.accept(states, surrogate);
      done[0] += labels.length;
      progress.step("comparing " + label, done[0], heldOut.set().count(), "images");
    });
    Evaluation read = Evaluation.of(backend, heldOut, pixels -> model.classify(last(trained, model.embed(pixels))));
    return new RaptorResult(
        (Phases) trained.raptor().assignment(),
        read.accuracy(),
        Double.NaN,
        r2,
        epsilon.result(teacher.card().config(), trained.raptor()),
        trained.card().curves());
  }

  private static Tensor last(TrainedRaptor trained, Tensor x0) {
    Trajectory trajectory = Trajectory.of(trained.raptor(), x0);
    return trajectory.state(trajectory.layers());
  }

  /** R² and ε of every Raptor at every depth. */
  static Table byDepth(List<RaptorResult> results) {
    List<List<String>> rows = new ArrayList<>();
    for (RaptorResult result : results) {
      for (int layer = 1; layer <= result.r2().depth(); layer++) {
        for (TokenGroup group : result.r2().groups()) {
          rows.add(row(result, layer, "r2", group.label(), result.r2().of(layer, group)));
        }
        rows.add(row(result, layer, "r2", "all", result.r2().of(layer)));
        rows.add(row(result, layer, "epsilon", "all", result.epsilon().epsilon()[layer - 1]));
        rows.add(row(result, layer, "relative-epsilon", "all", result.epsilon().relative()[layer - 1]));
      }
    }
    return new Table(List.of("model", "layer", "measure", "tokens", "value"), rows);
  }

  private static List<String> row(RaptorResult result, int layer, String measure, String tokens, double value) {
    return List.of(result.label(), Integer.toString(layer), measure, tokens, String.format(Locale.ROOT, "%.6g", value));
  }
}
