package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTrainer;
import org.blockrecurrent.vit.training.TeacherTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor train-teacher}: trains a small Vision Transformer. Also a main class. */
@Command(
        name = "train-teacher",
        description = {
            "Trains a small Vision Transformer (8 layers) to classify images.",
            "",
            "The result, teacher.safetensors, is what 'phases', 'train' and 'analyze' start from. Ctrl-C saves; the same "
                    + "command continues, to the same bits as if it had never stopped."
        },
        footer = {
            "",
            "Examples:",
            "  raptor train-teacher --out runs/teacher",
            "  raptor train-teacher --data fashion-mnist:/data/fashion --out runs/big",
            "  raptor train-teacher --data images:/data/flowers --image-size 64 --patch-size 8 --crop 0.25"
        })
public final class TrainTeacher implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private SizeOption size;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write teacher.safetensors, teacher-curve.csv and config.json. "
                    + "Default: runs/train-teacher-TIME.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The same seed gives the same bits. " + "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training images. Default: " + "14, with --smoke 1.")
    private Integer epochs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Images in a training step. Default: 64, with --smoke 50.")
    private Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "The largest learning rate. Default: 0.001, with --smoke 0.0015.")
    private Float learningRate;

    @Option(
            names = "--patch-size",
            paramLabel = "N",
            description = "Side of a patch in pixels. Default: the largest that leaves 16 patches or more.")
    private Integer patchSize;

    @Option(
            names = "--crop",
            paramLabel = "X",
            description =
                    "Show a random part of each training image, of at least this share of its area, at the size of the "
                            + "whole. Default: 1, all of it.")
    private Float smallestCrop;

    @Mixin
    private MemoryOption memory;

    private final Session session;

    TrainTeacher(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(TrainTeacher.class, "train-teacher", args);
    }

    @Override
    public Integer call() {
        TeacherTraining training = training();
        DataSet images = size.of(data.open());
        VitConfig config = size.vit(images.train(), patchSize);
        Path folder = out != null ? out : RunDirectory.fresh("train-teacher");
        try (RunDirectory directory = RunDirectory.open(folder);
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            directory.configure(
                    "train-teacher",
                    Map.of(
                            "data",
                            images.name(),
                            "smoke",
                            size.smoke,
                            "device",
                            backend.name(),
                            "vit",
                            config,
                            "training",
                            training),
                    Environment.of(backend.description()));
            Teacher teacher =
                    Teachers.trainOrLoad(backend, config, training, images, memory.retention(), directory, progress);
            session.say(
                    "teacher: %.1f %% of %d test images right; saved in %s",
                    100 * teacher.card().accuracy(), images.test().count(), directory.file(TeacherTrainer.CHECKPOINT));
        }
        DataOption.reportSkipped(images, session);
        return 0;
    }

    private TeacherTraining training() {
        TeacherTraining training = size.teacherTraining().withSeed(seed);
        training = epochs == null ? training : training.withEpochs(epochs);
        training = batch == null ? training : training.withBatchSize(batch);
        training = smallestCrop == null ? training : training.withSmallestCrop(smallestCrop);
        return learningRate == null ? training : training.withLearningRate(learningRate);
    }
}
