package org.blockrecurrent.vit.training;

import java.util.Map;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/**
 * What a step of a teacher's training takes on the CPU at most: a prediction of {@code Backend.peakBytes}, in bytes.
 *
 * <pre>
 *   always    parameters, moments, packed weights ({@link ParameterMemory})
 *   step      B·(2·C·H·W + P·D + 2·N·D + 2·K)        images, patches, the embedding's sums
 *   blocks    B·N·(what n blocks hold, {@link BlockMemory}) + gradients so far
 * </pre>
 *
 * Going backwards, activations become fewer and gradients more: the most is held at the last block (n = L, and of the
 * gradients the MLP's), at the one before (n = L − 1, a whole block's), or at the first (n = 1, and all gradients). Tests
 * hold the prediction to 10 % of what is counted.
 */
public final class TrainingMemory {
    private static final long SLACK_MEGABYTES = 64;

    private TrainingMemory() {}

    /** At a batch of B images of the configuration's size. */
    public static long teacherBytes(VitConfig config, int batch, Retention retention) {
        Map<String, Shape> shapes = VisionTransformer.shapes(config);
        ParameterMemory parameters = ParameterMemory.of(shapes.values());
        long ofBlock = shapes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("blocks.0."))
                .mapToLong(entry -> entry.getValue().size())
                .sum();
        BlockMemory block = block(config);
        long tokens = (long) batch * config.layout().tokens();
        long most = mostInBlocks(block, config.layers(), retention, tokens, ofBlock, parameters.elements());
        return Float.BYTES * (parameters.held() + batch * embeddingFloats(config) + most);
    }

    /**
     * Floats of the activations and gradients of a rollout where they are most.
     *
     * @param applications n, of blocks
     * @param tokens B·N
     * @param blockElements parameters of one block
     * @param allElements parameters of all that is trained
     */
    public static long mostInBlocks(
            BlockMemory block,
            int applications,
            Retention retention,
            long tokens,
            long blockElements,
            long allElements) {
        long last = tokens * block.rollout(applications, retention) + block.mlpElements();
        long before = applications == 1 ? 0 : tokens * block.rollout(applications - 1, retention) + blockElements;
        long first = tokens * block.rollout(1, retention) + allElements;
        return Math.max(last, Math.max(before, first));
    }

    /** Floats of an image, its patches, and the sums on the way to x₀. */
    public static long embeddingFloats(VitConfig config) {
        long image = (long) config.channels() * config.imageHeight() * config.imageWidth();
        long patches = (long) config.gridHeight() * config.gridWidth() * config.embedDim();
        long tokens = (long) config.layout().tokens() * config.embedDim();
        boolean inserted = config.layout().tokens() > config.positionRows();
        return 2 * image + patches + (inserted ? 4 : 2) * tokens + 2L * config.classes();
    }

    /**
     * The heap that a JVM should have for such a step: half as much again, because the pool may hold a quarter more than is in
     * use and G1 gives large arrays whole regions (ViT-B at 1.9 GiB ran out of memory with 1.28 times that, and not with
     * 1.46); at least {@value #SLACK_MEGABYTES} MiB, and as much for the program and a small set of images.
     */
    public static long heapBytes(long stepBytes) {
        long slack = SLACK_MEGABYTES << 20;
        return stepBytes + Math.max(stepBytes / 2, slack) + slack;
    }

    private static BlockMemory block(VitConfig config) {
        return new BlockMemory(
                config.embedDim(), config.heads(), config.mlpDim(), config.mlp(), config.layerScaleInit() > 0, false);
    }
}
