package org.blockrecurrent.raptor.training;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.tensor.io.AddedLater;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.image.Normalization;

/**
 * All that determines the bits of a block after stage 1. The other phases are not in it: surrogates with different k share
 * the blocks of the phases that they have in common.
 *
 * @param runs the runs of layers that it computes, one for a phase
 * @param depth L
 */
public record BlockSettings(
        RaptorConfig config,
        List<Phase> runs,
        int depth,
        TokenLayout layout,
        RaptorTraining.Stage stage1,
        int batchSize,
        double teacherForcingShare,
        TokenWeights weights,
        boolean augment,
        @AddedLater("1") float smallestCrop,
        long seed,
        String teacher,
        Normalization normalization,
        String dataSet,
        int trainImages,
        @AddedLater("1") int together) {

    /** The blocks of a surrogate, in order. */
    static List<BlockSettings> of(RaptorSettings settings) {
        List<BlockSettings> blocks = new ArrayList<>();
        LayerAssignment assignment = settings.assignment();
        for (int block = 0; block < assignment.blocks(); block++) {
            blocks.add(of(settings, assignment.runsOf(block)));
        }
        return blocks;
    }

    private static BlockSettings of(RaptorSettings settings, List<Phase> runs) {
        RaptorTraining training = settings.training();
        int depth = settings.blockOfLayer().size();
        boolean last = runs.get(runs.size() - 1).last() == depth;
        return new BlockSettings(
                settings.config(),
                runs,
                depth,
                settings.layout(),
                training.stage1(),
                training.batchSize(),
                training.teacherForcingShare(),
                last ? training.weightsOfLastBlock() : TokenWeights.PLAIN,
                training.augment(),
                training.smallestCrop(),
                training.seed(),
                settings.teacher(),
                settings.normalization(),
                settings.dataSet(),
                settings.trainImages(),
                settings.together());
    }

    /** {@code layers-1-4}; {@code layers-1+4-5} for scattered layers. */
    String name() {
        StringJoiner name = new StringJoiner("+", "layers-", "");
        runs.forEach(run -> name.add(run.first() == run.last() ? "" + run.first() : run.first() + "-" + run.last()));
        return name.toString();
    }

    /** The layers that the block computes. */
    int[] layers() {
        return runs.stream()
                .flatMapToInt(run -> IntStream.rangeClosed(run.first(), run.last()))
                .toArray();
    }

    TrajectoryLoss loss() {
        return new TrajectoryLoss(weights, runs);
    }

    /** What its parameters are drawn from: another for each block, the same whoever is trained beside it. */
    long initialSeed() {
        return seed * 0x9E3779B97F4A7C15L + Philox.streamOf(name());
    }
}
