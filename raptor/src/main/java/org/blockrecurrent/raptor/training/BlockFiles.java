package org.blockrecurrent.raptor.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.VitCheckpoint;

/**
 * The blocks that stage 1 has finished, one file each, by the layers that they compute: what a surrogate with another k
 * finds here it need not train again.
 */
final class BlockFiles {
    private static final String FORMAT = "format";
    private static final String BLOCK = "raptor for java, stage-1 block";
    private static final String SETTINGS = "settings";
    private static final String CURVE = "curve";

    private final Path folder;

    BlockFiles(Path folder) {
        this.folder = folder.resolve("blocks");
    }

    Path file(BlockSettings block) {
        return folder.resolve(block.name() + ".safetensors");
    }

    /** True if the block is there; throws if one with other settings is. */
    boolean has(BlockSettings block) {
        Path file = file(block);
        if (!Files.exists(file)) {
            return false;
        }
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            checkpoint.require(FORMAT, BLOCK);
            VitCheckpoint.requireSame(file.toString(), checkpoint.json(SETTINGS, BlockSettings.class), block);
            return true;
        }
    }

    void save(BlockSettings block, Learner learner, LearningCurve curve) {
        Checkpoint.save(
                file(block),
                learner.parameters(),
                Map.of(FORMAT, BLOCK, SETTINGS, Json.text(block), CURVE, Json.text(curve)));
    }

    LearningCurve curve(BlockSettings block) {
        try (Checkpoint checkpoint = Checkpoint.open(file(block))) {
            return checkpoint.json(CURVE, LearningCurve.class);
        }
    }

    /** The block's parameters, under the names of the official block. */
    Map<String, float[]> parameters(BlockSettings block) {
        try (Checkpoint checkpoint = Checkpoint.open(file(block))) {
            Map<String, float[]> parameters = new LinkedHashMap<>();
            checkpoint
                    .names()
                    .forEach(name -> parameters.put(name, checkpoint.tensors().floats(name)));
            return parameters;
        }
    }
}
