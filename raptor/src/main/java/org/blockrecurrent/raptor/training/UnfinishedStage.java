package org.blockrecurrent.raptor.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;

/** The file from which an interrupted stage continues: parameters and moments of its learners, and its position. */
final class UnfinishedStage {
    /** Its name in the folder of a training. */
    static final String FILE = "raptor-training.safetensors";

    private static final String FORMAT = "format";
    private static final String UNFINISHED = "raptor for java, unfinished raptor stage";
    private static final String SETTINGS = "settings";
    private static final String POSITION = "position";

    private final Path file;
    private final String settings;

    /** {@code settings} determine the bits of the stage: a file with others cannot be continued. */
    UnfinishedStage(Path folder, Object settings) {
        file = folder.resolve(FILE);
        this.settings = Json.text(settings);
    }

    Path save(List<Learner> learners, StagePosition position) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Learner learner : learners) {
            learner.state().forEach((name, tensor) -> tensors.put(learner.name() + "/" + name, tensor));
        }
        Checkpoint.save(file, tensors, Map.of(FORMAT, UNFINISHED, SETTINGS, settings, POSITION, Json.text(position)));
        return file;
    }

    /** Takes up the learners where the file, if there is one, left them; returns where that is. */
    StagePosition restore(List<Learner> learners) {
        if (!Files.exists(file)) {
            return StagePosition.START;
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.require(FORMAT, UNFINISHED);
            if (!checkpoint.metadata(SETTINGS).equals(settings)) {
                throw new InvalidInputException(
                        file + " is an unfinished training with other settings; finish it with its own,"
                                + " delete it, or choose another folder");
            }
            learners.forEach(learner -> learner.restore(checkpoint.values(learner.name() + "/")));
            checkpoint.requireExactly("");
            return checkpoint.json(POSITION, StagePosition.class);
        }
    }

    /** The stage is done. */
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
