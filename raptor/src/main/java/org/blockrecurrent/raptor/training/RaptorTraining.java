package org.blockrecurrent.raptor.training;

import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AddedLater;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.blockrecurrent.vit.training.Teacher;

/**
 * Every number of a Raptor's training that changes its result.
 *
 * @param stage1 each block for itself, inside its phase
 * @param stage2 all blocks joined, autoregressive from x₀
 * @param batchSize B, images of a step
 * @param teacherForcingShare the share of stage 1's steps over which λ falls from 1 to 0; 0 for none
 * @param weightsOfLastBlock token weights in stage 1 of the block that ends at layer L; the others have plain errors
 * @param weightsOfStage2 token weights in stage 2
 * @param augment whether training images are shifted and mirrored as in the teacher's training, or only mirrored for a
 *     published teacher; the published training uses neither
 * @param smallestCrop a step shows a random part of each picture, of at least this share of its area ({@link
 *     RandomResizedCrop}); 1: all of it, as published
 * @param seed of the fresh blocks, of the order of the images and of their augmentation
 */
public record RaptorTraining(
        Stage stage1,
        Stage stage2,
        int batchSize,
        double teacherForcingShare,
        TokenWeights weightsOfLastBlock,
        TokenWeights weightsOfStage2,
        boolean augment,
        @AddedLater("1") float smallestCrop,
        long seed) {

    /**
     * The numbers of one stage; each stage has a fresh optimizer and a schedule of its own.
     *
     * @param epochs passes over the training images; 0 leaves the stage out
     * @param warmupSteps steps over which the learning rate rises from 0
     * @param learningRate the largest
     * @param finalLearningRate what the cosine falls to
     * @param weightDecay of AdamW, on all parameters
     * @param clipNorm the largest gradient norm; larger gradients are scaled down to it
     */
    public record Stage(
            int epochs,
            int warmupSteps,
            double learningRate,
            double finalLearningRate,
            float weightDecay,
            float clipNorm) {
        public Stage {
            require(epochs >= 0 && warmupSteps >= 0, "epochs and warmupSteps must not be negative");
            require(learningRate > 0 && finalLearningRate >= 0, "the learning rate must be positive");
            require(weightDecay >= 0 && clipNorm > 0, "weightDecay must not be negative, clipNorm must be positive");
        }

        public Stage withEpochs(int other) {
            return new Stage(other, warmupSteps, learningRate, finalLearningRate, weightDecay, clipNorm);
        }

        public Stage withLearningRate(double other) {
            return new Stage(epochs, warmupSteps, other, finalLearningRate, weightDecay, clipNorm);
        }
    }

    public RaptorTraining {
        require(batchSize > 0, "batchSize must be positive, got " + batchSize);
        require(
                teacherForcingShare >= 0 && teacherForcingShare <= 1,
                "teacherForcingShare must be in [0, 1], got " + teacherForcingShare);
        require(smallestCrop > 0 && smallestCrop <= 1, "smallestCrop must be in (0, 1], got " + smallestCrop);
    }

    /** As published: batches of 64, 20 passes over a million images a stage, learning rate 3e-4, no augmentation. */
    public static RaptorTraining published() {
        Stage stage = new Stage(20, 10_000, 3e-4, 1e-6, 1e-4f, 1);
        return new RaptorTraining(
                stage, stage, 64, 0.25, TokenWeights.publishedStage1(), TokenWeights.publishedStage2(), false, 1, 0);
    }

    /** For 10,000 small images and minutes on a CPU. */
    public static RaptorTraining quickStart() {
        Stage stage1 = new Stage(4, 50, 2e-3, 1e-5, 1e-4f, 1);
        Stage stage2 = new Stage(6, 50, 1.5e-3, 1e-5, 1e-4f, 1);
        return new RaptorTraining(
                stage1, stage2, 64, 0.25, TokenWeights.publishedStage1(), TokenWeights.publishedStage2(), false, 1, 0);
    }

    /** A few seconds: every path is walked, nothing is learned well. */
    public static RaptorTraining smoke() {
        Stage stage = new Stage(1, 2, 2e-3, 1e-5, 1e-4f, 1);
        return quickStart().withStages(stage, stage);
    }

    public RaptorTraining withStages(Stage first, Stage second) {
        return with(first, second, batchSize, augment, smallestCrop, seed);
    }

    public RaptorTraining withEpochs(int first, int second) {
        return withStages(stage1.withEpochs(first), stage2.withEpochs(second));
    }

    public RaptorTraining withLearningRates(double first, double second) {
        return withStages(stage1.withLearningRate(first), stage2.withLearningRate(second));
    }

    public RaptorTraining withBatchSize(int size) {
        return with(stage1, stage2, size, augment, smallestCrop, seed);
    }

    public RaptorTraining withSeed(long other) {
        return with(stage1, stage2, batchSize, augment, smallestCrop, other);
    }

    public RaptorTraining withAugment(boolean other) {
        return with(stage1, stage2, batchSize, other, smallestCrop, seed);
    }

    public RaptorTraining withSmallestCrop(float other) {
        return with(stage1, stage2, batchSize, augment, other, seed);
    }

    private RaptorTraining with(
            Stage itsStage1,
            Stage itsStage2,
            int itsBatchSize,
            boolean itsAugment,
            float itsSmallestCrop,
            long itsSeed) {
        return new RaptorTraining(
                itsStage1,
                itsStage2,
                itsBatchSize,
                teacherForcingShare,
                weightsOfLastBlock,
                weightsOfStage2,
                itsAugment,
                itsSmallestCrop,
                itsSeed);
    }

    /** What the images of a training step go through. */
    public Augmentation augmentation(Teacher teacher, long augmentationSeed) {
        Augmentation whole = augment ? teacher.augmentation(augmentationSeed) : Augmentation.NONE;
        return smallestCrop < 1 ? whole.withCrop(RandomResizedCrop.from(smallestCrop), augmentationSeed) : whole;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidInputException("raptor training: " + message);
        }
    }
}
