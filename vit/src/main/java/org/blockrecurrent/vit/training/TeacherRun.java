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
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.blockrecurrent.vit.StochasticDepth;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageBatch;
import org.jspecify.annotations.Nullable;

/** One run of a {@link TeacherTrainer}: the model in training, its optimizer and its batches. Lives in one scope. */
final class TeacherRun implements TrainingTask {
    private static final String FORMAT = "format";
    private static final String UNFINISHED_TEACHER = "raptor for java, unfinished teacher";
    private static final String SETTINGS = "settings";
    private static final String POSITION = "position";
    private static final String MODEL = "model.";
    private static final int LARGEST_EVALUATION_BATCH = 250;
    private static final int EVALUATIONS = 5;

    private final Backend backend;
    private final TeacherSettings settings;
    private final Retention retention;
    private final Path file;
    private final Batches trainBatches;
    private final Batches testBatches;
    private final TrainingPace pace;
    private final StepState state;
    private final StochasticDepth drop;
    private final VisionTransformer model;
    private final AdamW optimizer;
    private final TrainingPosition start;

    private TeacherRun(
            Backend backend,
            TeacherSettings settings,
            DataSet data,
            Retention retention,
            Path file,
            ParameterSource source,
            TrainingPosition start) {
        TeacherTraining training = settings.training();
        this.backend = backend;
        this.settings = settings;
        this.retention = retention;
        this.file = file;
        this.start = start;
        Augmentation augmentation = training.augmentation(training.seed());
        trainBatches = Batches.training(
                data.train(), settings.normalization(), training.batchSize(), augmentation, training.seed());
        testBatches = Batches.evaluation(data.test(), settings.normalization(), evaluationBatch(training));
        pace = TrainingPace.of(training.epochs() * trainBatches.perEpoch(), training.batchSize());
        state = new StepState(backend);
        drop = new StochasticDepth(settings.config().stochasticDepth(), training.seed(), state);
        model = new VisionTransformer(settings.config(), source);
        optimizer = new AdamW(
                model.parameters().trainable(),
                TeacherTrainer::decays,
                AdamW.Config.of(training.weightDecay(), training.clipNorm()));
    }

    /** Continues from the file if it exists, else starts anew. */
    static TeacherRun open(Backend backend, TeacherSettings settings, DataSet data, Retention retention, Path file) {
        if (!Files.exists(file)) {
            ParameterSource fresh =
                    ParameterSource.fresh(backend, settings.training().seed());
            return new TeacherRun(backend, settings, data, retention, file, fresh, TrainingPosition.START);
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.require(FORMAT, UNFINISHED_TEACHER);
            VitCheckpoint.requireSame(file.toString(), checkpoint.json(SETTINGS, TeacherSettings.class), settings);
            ParameterSource saved = ParameterSource.of(backend, checkpoint.values(MODEL));
            TrainingPosition position = checkpoint.json(POSITION, TrainingPosition.class);
            TeacherRun run = new TeacherRun(backend, settings, data, retention, file, saved, position);
            run.optimizer.restore(checkpoint.values(""));
            checkpoint.requireExactly("");
            return run;
        }
    }

    /** No more images than a training step has, so that evaluating never takes more memory than training. */
    private static int evaluationBatch(TeacherTraining training) {
        return Math.min(LARGEST_EVALUATION_BATCH, training.batchSize());
    }

    VisionTransformer model() {
        return model;
    }

    LearningCurve train(TrainingListener listener) {
        TeacherTraining training = settings.training();
        WarmupCosine schedule = new WarmupCosine(
                training.learningRate(),
                training.finalLearningRate(),
                pace.steps(),
                Math.min(training.warmupSteps(), pace.steps()));
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
        Tensor logits = model.trainingLogits(batch.images(), drop, retention);
        return CrossEntropyOp.forward(
                logits, batch.labels(), settings.training().labelSmoothing());
    }

    /** On the test images, at the first report in each fifth of the run and at the end; no choice hangs on it. */
    @Override
    public @Nullable Double accuracy(int step) {
        int fifth = Math.max(1, pace.steps() / EVALUATIONS);
        boolean due = step == pace.steps() || step / fifth > (step - pace.stepsPerReport()) / fifth;
        return due ? evaluate().accuracy() : null;
    }

    @Override
    public Path save(TrainingPosition position) {
        Map<String, Tensor> tensors = VitCheckpoint.tensors(model.parameters(), MODEL);
        tensors.putAll(optimizer.state());
        Checkpoint.save(
                file,
                tensors,
                Map.of(FORMAT, UNFINISHED_TEACHER, SETTINGS, Json.text(settings), POSITION, Json.text(position)));
        return file;
    }
}
