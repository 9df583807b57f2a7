package org.blockrecurrent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.VitCheckpoint;
import picocli.CommandLine.Option;

/** Which teacher. */
final class TeacherOption {
    /** Images of a batch where nothing is trained, at most. */
    private static final int EVALUATION_BATCH = 100;
    /** Floats of a batch's trajectory, at most: 256 MiB. */
    private static final long EVALUATION_FLOATS = 1L << 26;

    @Option(
            names = "--teacher",
            paramLabel = "MODEL",
            required = true,
            description = {
                "The teacher: teacher.safetensors, as 'quickstart' and 'train-teacher' write it, or a published model:",
                "a file or folder of weights, or a name that is looked for in the caches of torch.hub and Hugging Face, such as "
                        + "dinov2_vits14_reg. Nothing is downloaded."
            })
    String name;

    @Option(
            names = "--timm-name",
            paramLabel = "NAME",
            description = "What timm calls a published teacher, where neither its file nor a config.json says so.")
    private String timmName;

    /** The teacher at the size that pictures are brought to. */
    ChosenTeacher choose(DataOption data) {
        Path file = Path.of(name);
        return isOurs(file) ? trainedHere(file, data) : published(data);
    }

    private static boolean isOurs(Path file) {
        return file.toString().endsWith(".safetensors") && Files.isRegularFile(file) && Checkpoint.isCheckpoint(file);
    }

    private ChosenTeacher trainedHere(Path file, DataOption data) {
        VitConfig config = VitCheckpoint.card(file).config();
        return new ChosenTeacher(
                name, config, data.preprocessing(config), backend -> VitCheckpoint.load(file, backend));
    }

    private ChosenTeacher published(DataOption data) {
        ChosenModel model = ChosenModel.of(name, timmName, data.side, data.preprocessing);
        Preprocessing pictures = model.preprocessing();
        return new ChosenTeacher(
                name,
                model.config(),
                pictures,
                backend -> new Teacher(model.load(backend), pictures.normalization(), null));
    }

    /** How many images to compute the trajectories of at once where nothing is trained; depends on the model alone. */
    static int evaluationBatch(VitConfig config) {
        long perImage = (config.layers() + 1L) * config.layout().tokens() * config.embedDim();
        return (int) Math.max(1, Math.min(EVALUATION_BATCH, EVALUATION_FLOATS / perImage));
    }
}
