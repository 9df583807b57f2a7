package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.RaptorTrainer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.raptor.training.TrajectorySource;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.training.Teacher;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor train}: trains a Raptor of a teacher. Also a main class. */
@Command(
        name = "train",
        description = {
            "Trains a Raptor: a surrogate of a teacher with one recurrent block for each phase of its layers.",
            "",
            "Stage 1 trains each block inside its phase, stage 2 all blocks joined. The phases are found on the test images, on "
                    + "the first ones of an activation store, or given. Ctrl-C saves; the same command with the same --out continues, to the same bits as if it had never "
                    + "stopped."
        },
        footer = {
            "",
            "Examples:",
            "  raptor train --teacher runs/teacher/teacher.safetensors --k 3",
            "  raptor train --teacher runs/teacher/teacher.safetensors \\",
            "               --phases \"1-4|5-8\" --out runs/raptor",
            "  raptor train --teacher dinov2_vits14 --data images:photos/ --image-size 98 --crop 0.2 --learning-rate 1e-3",
            "  raptor train --teacher runs/teacher/teacher.safetensors --activations runs/store"
        })
public final class TrainRaptor implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private TrajectoryOptions options;

    @Mixin
    private TeacherOption teacherOption;

    @Mixin
    private SizeOption size;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Partition partition = new Partition();

    /** Found or given. */
    static final class Partition {
        @Option(names = "--k", paramLabel = "N", description = "Number of phases to find. Default: 3.")
        Integer k;

        @Option(
                names = "--phases",
                paramLabel = "PHASES",
                description = "The phases, instead of finding them: such as \"1-4|5-8\".")
        String phases;
    }

    @Option(
            names = "--splitter",
            paramLabel = "NAME",
            defaultValue = PhaseSplitter.DEFAULT,
            description = "How phases are found: bisection, max-cut or dp. Default: ${DEFAULT-VALUE}.")
    private String splitter;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write raptor-kK.safetensors, its curve and config.json. Default: runs/train-TIME.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The same seed gives the same bits. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--epochs",
            paramLabel = "N,M",
            split = ",",
            arity = "1",
            description = "Passes over the training images in stage 1 and stage 2. Default: 4,6; with --smoke 1,1.")
    private List<Integer> epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Images in a training step. Default: 64.")
    private Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "X,Y",
            split = ",",
            arity = "1",
            description =
                    "The largest learning rate in stage 1 and stage 2. Default: 0.002,0.0015; with --smoke 0.002,0.002.")
    private List<Double> learningRates;

    @Option(
            names = "--crop",
            paramLabel = "X",
            description =
                    "Show a random part of each picture, of at least this share of its area, mirrored half of the time; for few "
                            + "or large pictures. Default: all of it, not mirrored, as published.")
    private Float smallestCrop;

    @Mixin
    private MemoryOption memory;

    private final Session session;

    TrainRaptor(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(TrainRaptor.class, "train", args);
    }

    @Override
    public Integer call() {
        RaptorTraining training = training();
        ChosenTeacher chosen = teacherOption.choose(options.data);
        Trajectories trajectories = options.open(chosen, size::of);
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("train"));
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            Teacher teacher = chosen.load(backend);
            TrajectorySource source = trajectories.training(teacher);
            Phases phases = phases(teacher, trajectories, backend, progress);
            RaptorConfig config = RaptorConfig.quickStart(chosen.config());
            directory.configure(
                    "train",
                    settings(backend, trajectories, phases, config, training),
                    Environment.of(backend.description()));
            TrainedRaptor raptor = new RaptorTrainer(backend, teacher, source, config, training)
                    .withRetention(memory.retention())
                    .train(List.of(phases), directory.path(), progress)
                    .get(0);
            Path file = RaptorTrainer.file(directory.path(), raptor.name());
            session.say("raptor k=%d, phases %s; saved in %s", raptor.k(), phases, file);
            session.say("next: raptor analyze --teacher %s --raptor %s", chosen.name(), file);
        }
        trajectories.reportSkipped(session);
        return 0;
    }

    private RaptorTraining training() {
        RaptorTraining training = size.raptorTraining().withSeed(seed);
        if (epochs != null) {
            training = training.withEpochs(epochs.get(0), epochs.get(epochs.size() - 1));
        }
        if (learningRates != null) {
            training = training.withLearningRates(learningRates.get(0), learningRates.get(learningRates.size() - 1));
        }
        if (smallestCrop != null) {
            training = training.withSmallestCrop(smallestCrop).withAugment(true);
        }
        return batch == null ? training : training.withBatchSize(batch);
    }

    private Phases phases(Teacher teacher, Trajectories trajectories, Backend backend, Progress progress) {
        if (partition.phases != null) {
            return Phases.parse(partition.phases);
        }
        DissimilarityMatrix matrix = trajectories.dissimilarity(teacher, backend, progress);
        return PhaseSplitter.named(splitter).split(matrix, partition.k == null ? 3 : partition.k);
    }

    private Map<String, ?> settings(
            Backend backend, Trajectories trajectories, Phases phases, RaptorConfig config, RaptorTraining training) {
        return Map.of(
                "data",
                trajectories.name(),
                "smoke",
                size.smoke,
                "device",
                backend.name(),
                "teacher",
                teacherOption.name,
                "phases",
                phases.toString(),
                "raptor",
                config,
                "training",
                training);
    }
}
