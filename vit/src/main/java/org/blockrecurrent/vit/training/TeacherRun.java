package org.blockrecurrent.vit.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.blockrecurrent.vit.StochasticDepth;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageBatch;

/** One run of a {@link TeacherTrainer}: the model in training, its optimizer and its batches. Lives in one scope. */
final class TeacherRun implements TrainingTask {
  private static final String FORMAT = "format";
  private static final String UNFINISHED_TEACHER = "raptor for java, unfinished teacher";
  private static final String MODEL = "model.";
  private static final int EVALUATION_BATCH = 250;
  private static final int EVALUATIONS = 5;

  private final Backend backend;
  private final TeacherSettings settings;
  private final int steps;
  private final Path file;
  private final Batches trainBatches;
  private final Batches testBatches;
  private final StepState state;
  private final StochasticDepth drop;
  private final VisionTransformer model;
  private final AdamW optimizer;
  private final TrainingPosition start;

  /** Continues from the file if it exists, else starts anew. */
  TeacherRun(Backend backend, TeacherSettings settings, DataSet data, int steps, Path file) {
    TeacherTraining training = settings.training();
    this.backend = backend;
    this.settings = settings;
    this.steps = steps;
    this.file = file;
    Augmentation augmentation = new Augmentation(training.shift(), training.flip(), training.seed());
    trainBatches = Batches.training(
        data.train(), settings.normalization(), training.batchSize(), augmentation, training.seed());
    testBatches = Batches.evaluation(data.test(), settings.normalization(), EVALUATION_BATCH);
    state = new StepState(backend);
    drop = new StochasticDepth(settings.config().stochasticDepth(), training.seed(), state);
    if (Files.exists(file)) {
      try (Checkpoint checkpoint = Checkpoint.open(file)) {
        checkpoint.require(FORMAT, UNFINISHED_TEACHER);
        VitCheckpoint.requireSame(file.toString(), checkpoint.json("settings", TeacherSettings.class), settings);
        model = new VisionTransformer(settings.config(), ParameterSource.of(backend, checkpoint.values(MODEL)));
        optimizer = optimizer(model, training);
        optimizer.restore(checkpoint.values(""));
        checkpoint.requireExactly("");
        start = checkpoint.json("position", TrainingPosition.class);
      }
    } else {
      model = new VisionTransformer(settings.config(), ParameterSource.fresh(backend, training.seed()));
      optimizer = optimizer(model, training);
      start = TrainingPosition.START;
    }
  }

  VisionTransformer model() {
    return model;
  }

  LearningCurve train(TrainingListener listener) {
    TeacherTraining training = settings.training();
    WarmupCosine schedule = new WarmupCosine(
        training.learningRate(), training.finalLearningRate(), steps, Math.min(training.warmupSteps(), steps));
    TrainingPace pace = TrainingPace.of(steps, training.batchSize());
    return new TrainingLoop(backend, optimizer, state, schedule, pace).run(this, start, listener);
  }

  /** Loss and accuracy on the test images. */
  Evaluation evaluate() {
    return Evaluation.of(model, backend, testBatches);
  }

  @Override
  public String what() {
    return "teacher";
  }

  @Override
  public Tensor loss(int step) {
    ImageBatch batch = trainBatches.at(backend, step - 1);
    Tensor logits = model.trainingLogits(batch.images(), drop);
    return CrossEntropyOp.forward(logits, batch.labels(), settings.training().labelSmoothing());
  }

  /** On the test images, a few times in a run; for the curve, no choice hangs on it. */
  @Override
  public Double accuracy(int step) {
    int fifth = Math.max(1, steps / EVALUATIONS);
    boolean due = step == steps || step / fifth > (step - TrainingPace.of(steps, 1).stepsPerReport()) / fifth;
    return due ? evaluate().accuracy() : null;
  }

  @Override
  public Path save(TrainingPosition position) {
    Map<String, Tensor> tensors = VitCheckpoint.tensors(model.parameters(), MODEL);
    tensors.putAll(optimizer.state());
    Checkpoint.save(file, tensors, Map.of(
        FORMAT, UNFINISHED_TEACHER, "settings", Json.text(settings), "position", Json.text(position)));
    return file;
  }

  private static AdamW optimizer(VisionTransformer model, TeacherTraining training) {
    return new AdamW(
        model.parameters().trainable(),
        TeacherTrainer::decays,
        AdamW.Config.of(training.weightDecay(), training.clipNorm()));
  }
}
