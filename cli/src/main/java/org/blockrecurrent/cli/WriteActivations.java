package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.raptor.store.StoreSettings;
import org.blockrecurrent.raptor.store.TeacherExport;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.Teacher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor activations}: writes a teacher's states to disk. Also a main class. */
@Command(
        name = "activations",
        description = {
            "Writes the states of every layer of a teacher for many images into an activation store, in the format of the "
                    + "published code (Zarr 2).",
            "",
            "A store saves the teacher's forward pass in every epoch of 'train --activations STORE', and costs disk: 13.35 TB for "
                    + "ImageNet and ViT-B, as published. The size is said first. Ctrl-C stops; the same command with the same --out "
                    + "continues."
        },
        footer = {
            "",
            "Examples:",
            "  raptor activations --teacher runs/teacher/teacher.safetensors --out runs/store",
            "  raptor train --teacher runs/teacher/teacher.safetensors --activations runs/store"
        })
public final class WriteActivations implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private TeacherOption teacherOption;

    @Option(names = "--out", paramLabel = "STORE", required = true, description = "The folder of the store.")
    private Path out;

    @Option(
            names = "--half",
            paramLabel = "HALF",
            defaultValue = "train",
            description = "Which images of the data set: train or test. Default: ${DEFAULT-VALUE}.")
    private String half;

    @Option(names = "--images", paramLabel = "N", description = "Use only the first N images. Default: all.")
    private Integer limit;

    @Option(
            names = "--chunk",
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "Images whose states of one layer make a chunk. A training shuffles chunks, and the images inside each; "
                            + "reading takes the memory of two chunks of every layer. Default: ${DEFAULT-VALUE}, as published.")
    private int chunk;

    @Option(
            names = "--level",
            paramLabel = "N",
            defaultValue = "3",
            description = "Level of compression, 1 to 9; 0 for none. Default: ${DEFAULT-VALUE}, as published.")
    private int level;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "float32",
            description =
                    "float32, or bfloat16: rounded to 8 bits of fraction, which halves the store and is read by the same "
                            + "programs. Default: ${DEFAULT-VALUE}.")
    private String precision;

    private final Session session;

    WriteActivations(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(WriteActivations.class, "activations", args);
    }

    @Override
    public Integer call() {
        StoreSettings settings = new StoreSettings(chunk, level, precision());
        ChosenTeacher chosen = teacherOption.choose(data);
        ImageSet images = images(data.open(chosen));
        try (RunDirectory directory = RunDirectory.open(out);
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            Teacher teacher = chosen.load(backend);
            TeacherExport export = new TeacherExport(teacher, backend, images, settings);
            session.say("activation store before compression: %s", export.size());
            export.requireSpace(directory.path());
            directory.configure(
                    "activations", settings(backend, images, settings), Environment.of(backend.description()));
            export.write(directory.path(), done -> progress.step("activations", done, images.count(), "images"));
            session.say("next: raptor train --teacher %s --activations %s", chosen.name(), out);
        }
        return 0;
    }

    private Precision precision() {
        return switch (precision.toLowerCase(Locale.ROOT)) {
            case "float32" -> Precision.FLOAT32;
            case "bfloat16" -> Precision.BFLOAT16;
            default ->
                throw new InvalidInputException("--precision " + precision + " is unknown; choose float32 or bfloat16");
        };
    }

    private ImageSet images(DataSet set) {
        ImageSet all = switch (half) {
            case "train" -> set.train();
            case "test" -> set.test();
            default -> throw new InvalidInputException("--half " + half + " is unknown; choose train or test");
        };
        return limit == null ? all : all.first(limit);
    }

    private Map<String, ?> settings(Backend backend, ImageSet images, StoreSettings settings) {
        return Map.of(
                "data",
                images.name(),
                "half",
                half,
                "images",
                images.count(),
                "device",
                backend.name(),
                "teacher",
                teacherOption.name,
                "store",
                settings);
    }
}
