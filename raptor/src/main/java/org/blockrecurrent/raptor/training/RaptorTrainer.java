package org.blockrecurrent.raptor.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.TeacherFingerprint;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingStoppedException;
import org.blockrecurrent.vit.training.VitCheckpoint;

/**
 * Trains Raptors of one teacher, for several partitions of its layers side by side.
 *
 * <ol>
 *   <li>Stage 1 trains the block of every phase for itself, from the teacher's states at the start of the phase: teacher
 *       forcing that is annealed into an autoregressive rollout of the phase. Phases that several partitions have in common
 *       are trained once, and all blocks in one pass over the images.
 *   <li>Stage 2 joins the blocks of each partition and trains them together on the whole rollout from x₀, with a fresh
 *       optimizer and schedule.
 * </ol>
 *
 * <p>The teacher's trajectories are computed on the fly, or come from another {@link TrajectorySource}. A training that was stopped is continued to the same bits by calling
 * {@link #train} again with the same settings and folder; what is finished there is not trained again.
 *
 * <p>Files in the folder: {@code blocks/layers-FIRST-LAST.safetensors} after stage 1, {@code raptor-NAME.safetensors} and
 * {@code raptor-NAME-curve.csv} after stage 2, {@value UnfinishedStage#FILE} in between.
 */
public final class RaptorTrainer {
    private final Backend backend;
    private final Teacher teacher;
    private final TrajectorySource trajectories;
    private final RaptorConfig config;
    private final RaptorTraining training;
    private final Retention retention;
    private final String fingerprint;

    /** On the fly: {@code images} are the training images; their labels are not used. */
    public RaptorTrainer(
            Backend backend, Teacher teacher, ImageSet images, RaptorConfig config, RaptorTraining training) {
        this(backend, teacher, new TeacherTrajectories(teacher, images), config, training);
    }

    /** From {@code trajectories}, which must be this teacher's. */
    public RaptorTrainer(
            Backend backend,
            Teacher teacher,
            TrajectorySource trajectories,
            RaptorConfig config,
            RaptorTraining training) {
        this(backend, teacher, trajectories, config, training, Retention.EVERYTHING);
    }

    private RaptorTrainer(
            Backend backend,
            Teacher teacher,
            TrajectorySource trajectories,
            RaptorConfig config,
            RaptorTraining training,
            Retention retention) {
        VitConfig ofTeacher = teacher.config();
        if (config.embedDim() != ofTeacher.embedDim()) {
            throw new InvalidInputException("the raptor's embedDim is " + config.embedDim() + ", its teacher's "
                    + ofTeacher.embedDim() + "; a surrogate needs the teacher's");
        }
        this.backend = backend;
        this.teacher = teacher;
        this.trajectories = trajectories;
        this.config = config;
        this.training = training;
        this.retention = retention;
        fingerprint = TeacherFingerprint.of(teacher.model());
    }

    /** The same training with more or less kept of each block: other memory and time, the same bits. */
    public RaptorTrainer withRetention(Retention other) {
        return new RaptorTrainer(backend, teacher, trajectories, config, training, other);
    }

    /** A Raptor for each partition, called {@code k2}, {@code k3} and so on by its number of phases. */
    public List<TrainedRaptor> train(List<Phases> partitions, Path folder, TrainingListener listener) {
        Map<String, LayerAssignment> named = new LinkedHashMap<>();
        for (Phases phases : partitions) {
            if (named.put("k" + phases.blocks(), phases) != null) {
                throw new InvalidInputException(
                        "two partitions have " + phases.blocks() + " phases; give names to tell them apart");
            }
        }
        return train(named, folder, listener);
    }

    /**
     * A Raptor for each named assignment of layers to blocks, frozen, in the backend's current scope and in the order of the
     * map.
     *
     * @throws TrainingStoppedException if the listener asked to stop; call again to continue
     */
    public List<TrainedRaptor> train(
            Map<String, ? extends LayerAssignment> surrogates, Path folder, TrainingListener listener) {
        Map<String, RaptorSettings> missing = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends LayerAssignment> surrogate : surrogates.entrySet()) {
            RaptorSettings settings = settings(surrogate.getValue());
            if (!isFinished(file(folder, surrogate.getKey()), settings)) {
                missing.put(surrogate.getKey(), settings);
            }
        }
        if (!missing.isEmpty()) {
            BlockFiles blocks = new BlockFiles(folder);
            new Stage1(backend, trajectories, training, blocks, folder, retention).train(missing.values(), listener);
            new Stage2(backend, trajectories, training, blocks, folder, retention).train(missing, listener);
        }
        List<TrainedRaptor> trained = new ArrayList<>();
        surrogates.keySet().forEach(name -> trained.add(RaptorCheckpoint.load(file(folder, name), backend)));
        return trained;
    }

    /** Where the Raptor of that name is kept. */
    public static Path file(Path folder, String name) {
        return folder.resolve("raptor-" + name + ".safetensors");
    }

    static void saveCurves(Path folder, String name, Map<String, LearningCurve> curves) {
        StringBuilder table = new StringBuilder();
        curves.forEach((learner, curve) -> {
            String[] lines = curve.csv().split("\n");
            table.append(table.length() == 0 ? "learner," + lines[0] + "\n" : "");
            Arrays.stream(lines)
                    .skip(1)
                    .forEach(line ->
                            table.append(learner).append(',').append(line).append('\n'));
        });
        AtomicFile.write(folder.resolve("raptor-" + name + "-curve.csv"), table.toString());
    }

    private static boolean isFinished(Path file, RaptorSettings settings) {
        if (!Files.exists(file)) {
            return false;
        }
        VitCheckpoint.requireSame(file.toString(), RaptorCheckpoint.card(file).settings(), settings);
        return true;
    }

    private RaptorSettings settings(LayerAssignment assignment) {
        if (assignment.layers() != teacher.model().layers()) {
            throw new InvalidInputException("the phases " + assignment + " are of " + assignment.layers()
                    + " layers, the teacher has " + teacher.model().layers());
        }
        return new RaptorSettings(
                config,
                Arrays.stream(assignment.toArray()).boxed().toList(),
                teacher.model().layout(),
                training,
                fingerprint,
                teacher.normalization(),
                trajectories.name(),
                trajectories.images(),
                trajectories.together());
    }
}
