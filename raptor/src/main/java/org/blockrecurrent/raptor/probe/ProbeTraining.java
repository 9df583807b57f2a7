package org.blockrecurrent.raptor.probe;

import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Every number of a linear probe's training that changes its result.
 *
 * @param epochs passes over the features
 * @param batchSize images of a step
 * @param warmupSteps steps over which the learning rate rises from 0
 * @param learningRate the largest
 * @param finalLearningRate what the cosine falls to
 * @param weightDecay of AdamW, on weight and bias
 * @param clipNorm the largest gradient norm
 * @param seed of a fresh probe and of the order of the images
 */
public record ProbeTraining(
        int epochs,
        int batchSize,
        int warmupSteps,
        double learningRate,
        double finalLearningRate,
        float weightDecay,
        float clipNorm,
        long seed) {

    public ProbeTraining {
        if (epochs < 1 || batchSize < 1 || warmupSteps < 0 || !(learningRate > 0) || !(finalLearningRate >= 0)) {
            throw new InvalidInputException("probe training: epochs, batchSize and learningRate must be positive");
        }
    }

    /** With so many passes over the features. */
    public ProbeTraining withEpochs(int other) {
        return new ProbeTraining(
                other, batchSize, warmupSteps, learningRate, finalLearningRate, weightDecay, clipNorm, seed);
    }

    /** As published for ImageNet (raptor/imagenet_probes), where it starts from DINOv2's own head. */
    public static ProbeTraining published() {
        return new ProbeTraining(15, 512, 100, 1e-4, 1e-6, 1e-2f, 1, 0);
    }

    /** The same for some thousand images: smaller batches and larger steps, so that as much is learned in seconds. */
    public static ProbeTraining quickStart() {
        return new ProbeTraining(15, 128, 20, 1e-3, 1e-6, 1e-2f, 1, 0);
    }

    /** Two passes: every path is walked. */
    public static ProbeTraining smoke() {
        return new ProbeTraining(2, 128, 2, 1e-3, 1e-6, 1e-2f, 1, 0);
    }
}
