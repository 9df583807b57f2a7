package org.blockrecurrent.vit.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;

/**
 * Trains a Vision Transformer to classify a data set. A run that was stopped is continued to the same bits by calling
 * {@link #train} again with the same settings and folder.
 *
 * <p>Files in the folder: {@value #CHECKPOINT} and {@value #CURVE} when it is done, {@value #UNFINISHED} until then.
 */
public final class TeacherTrainer {
    /** The finished teacher. */
    public static final String CHECKPOINT = "teacher.safetensors";
    /** Its learning curve. */
    public static final String CURVE = "teacher-curve.csv";
    /** Where an unfinished run continues. */
    public static final String UNFINISHED = "teacher-training.safetensors";

    private final Backend backend;
    private final TeacherSettings settings;
    private final DataSet data;
    private final Retention retention;

    public TeacherTrainer(Backend backend, VitConfig config, TeacherTraining training, DataSet data) {
        this(
                backend,
                new TeacherSettings(
                        config,
                        training,
                        data.train().normalization(),
                        data.name(),
                        data.train().count()),
                data,
                Retention.EVERYTHING);
        Teacher.requireFits(config, data.train());
    }

    private TeacherTrainer(Backend backend, TeacherSettings settings, DataSet data, Retention retention) {
        this.backend = backend;
        this.settings = settings;
        this.data = data;
        this.retention = retention;
    }

    /** The same training with more or less kept of each block: other memory and time, the same bits. */
    public TeacherTrainer withRetention(Retention other) {
        return new TeacherTrainer(backend, settings, data, other);
    }

    /** True for the parameters that weight decay acts on: weight matrices, but neither tokens nor positions. */
    public static boolean decays(Parameter parameter) {
        return parameter.name().endsWith(".weight") && parameter.shape().rank() >= 2;
    }

    /**
     * Trains, or continues what an earlier call left in the folder, and returns the frozen teacher in the backend's current
     * scope.
     *
     * @throws TrainingStoppedException if the listener asked to stop
     */
    public Teacher train(Path folder, TrainingListener listener) {
        Path unfinished = folder.resolve(UNFINISHED);
        Path finished = folder.resolve(CHECKPOINT);
        try (Scope scope = backend.openScope()) {
            TeacherRun run = TeacherRun.open(backend, settings, data, retention, unfinished);
            LearningCurve curve = run.train(listener);
            Evaluation evaluation = run.evaluate();
            AtomicFile.write(folder.resolve(CURVE), curve.csv());
            VitCheckpoint.save(finished, run.model(), settings.card(evaluation, curve));
        }
        delete(unfinished);
        return VitCheckpoint.load(finished, backend);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
