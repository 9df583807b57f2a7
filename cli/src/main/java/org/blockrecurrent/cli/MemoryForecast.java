package org.blockrecurrent.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.RaptorMemory;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.training.TrainingMemory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code doctor} says of the memory that training takes on the CPU, before anybody trains. */
final class MemoryForecast {
    private static final int DEFAULT_BATCH = 64;
    private static final int IMAGE_SIDE = 224;
    private static final int CLASSES = 1000;

    @Option(
            names = "--train-size",
            paramLabel = "NAME",
            description =
                    "Say whether training of this size fits into memory: quickstart, or small, base, large, giant, which "
                            + "are DINOv2's, at 224 x 224 pixels. Default: quickstart and base, for information.")
    private @Nullable String size;

    @Option(names = "--batch", paramLabel = "N", description = "Images in the training step asked for. Default: 64.")
    private int batch = DEFAULT_BATCH;

    @Option(
            names = "--phases",
            paramLabel = "PHASES",
            description =
                    "Phases of the Raptor asked for, with --train-size: such as \"1-4|5-8\". Default: three about equal "
                            + "ones.")
    private @Nullable String phases;

    /** One training of one model: how much a step takes. */
    record Forecast(String what, long bytes, long recomputingBytes) {
        String text() {
            return String.format(
                    Locale.ROOT, "%s %s (%s with --recompute)", what, mebibytes(bytes), mebibytes(recomputingBytes));
        }
    }

    /** True if one size was asked for: that it does not fit is a problem then. */
    boolean isAsked() {
        return size != null;
    }

    /** The sizes to speak of. */
    List<String> sizes() {
        if (batch < 1) {
            throw new InvalidInputException("--batch must be at least 1, got " + batch);
        }
        if (phases != null && size == null) {
            throw new InvalidInputException("--phases needs --train-size: say of which model they are the phases");
        }
        return size != null ? List.of(size) : List.of("quickstart", "base");
    }

    String title(String name) {
        VitConfig config = config(name);
        return name + ", " + config.imageHeight() + " x " + config.imageWidth() + " pixels, batches of " + batch;
    }

    /** What a step of each training of that size takes. */
    List<Forecast> forecasts(String name) {
        return forecasts(name, batch);
    }

    private List<Forecast> forecasts(String name, int images) {
        VitConfig config = config(name);
        RaptorMemory raptor = new RaptorMemory(
                config,
                RaptorConfig.quickStart(config),
                phases(config),
                RaptorTraining.quickStart().withBatchSize(images));
        return List.of(
                forecast("train-teacher", retention -> TrainingMemory.teacherBytes(config, images, retention)),
                forecast("train, stage 1", raptor::stage1Bytes),
                forecast("train, stage 2", raptor::stage2Bytes));
    }

    /** The largest batch at which everything fits with {@code --recompute}; 0 if none does. */
    int largestBatch(String name, long heapBytes) {
        int fitting = 0;
        for (int images = 1; images < batch && fits(forecasts(name, images), heapBytes); images++) {
            fitting = images;
        }
        return fitting;
    }

    private static boolean fits(List<Forecast> forecasts, long heapBytes) {
        return forecasts.stream()
                .allMatch(forecast -> TrainingMemory.heapBytes(forecast.recomputingBytes()) <= heapBytes);
    }

    private static Forecast forecast(String what, ToLongFunction<Retention> bytes) {
        return new Forecast(what, bytes.applyAsLong(Retention.EVERYTHING), bytes.applyAsLong(Retention.INPUTS));
    }

    private static VitConfig config(String name) {
        VitConfig config = switch (name) {
            case "quickstart" -> VitConfig.quickStart();
            case "small" -> VitConfig.dinov2Small(0);
            case "base" -> VitConfig.dinov2Base(0);
            case "large" -> VitConfig.dinov2Large(0);
            case "giant" -> VitConfig.dinov2Giant(0);
            default ->
                throw new InvalidInputException(
                        "--train-size " + name + " is unknown; choose one of quickstart, small, base, large, giant");
        };
        return name.equals("quickstart")
                ? config
                : config.withImage(IMAGE_SIDE, IMAGE_SIDE).withHead(CLASSES, Pooling.CLS);
    }

    private Phases phases(VitConfig config) {
        int layers = config.layers();
        if (phases == null) {
            return Phases.endingAt((layers + 2) / 3, (2 * layers + 2) / 3, layers);
        }
        Phases given = Phases.parse(phases);
        if (given.layers() != layers) {
            throw new InvalidInputException("--phases " + phases + " are of " + given.layers()
                    + " layers, the model of " + "--train-size has " + layers);
        }
        return given;
    }

    static String mebibytes(long bytes) {
        return ((bytes >> 20) + 1) + " MiB";
    }
}
