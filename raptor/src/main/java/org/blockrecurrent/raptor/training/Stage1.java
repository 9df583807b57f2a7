package org.blockrecurrent.raptor.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.raptor.PhaseBlock;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.TrainingListener;

/** Trains the blocks of all phases, each for itself, in one pass over the images. */
final class Stage1 {
    private final Backend backend;
    private final TrajectorySource trajectories;
    private final RaptorTraining training;
    private final BlockFiles files;
    private final Path folder;
    private final Retention retention;

    Stage1(
            Backend backend,
            TrajectorySource trajectories,
            RaptorTraining training,
            BlockFiles files,
            Path folder,
            Retention retention) {
        this.backend = backend;
        this.trajectories = trajectories;
        this.training = training;
        this.files = files;
        this.folder = folder;
        this.retention = retention;
    }

    /** Leaves a file for every block of the surrogates; those that are there already are not trained again. */
    void train(Collection<RaptorSettings> surrogates, TrainingListener listener) {
        Map<String, BlockSettings> missing = new LinkedHashMap<>();
        for (RaptorSettings surrogate : surrogates) {
            for (BlockSettings block : BlockSettings.of(surrogate)) {
                if (!missing.containsKey(block.name()) && !files.has(block)) {
                    missing.put(block.name(), block);
                }
            }
        }
        if (!missing.isEmpty()) {
            train(List.copyOf(missing.values()), listener);
        }
    }

    private void train(List<BlockSettings> blocks, TrainingListener listener) {
        UnfinishedStage unfinished = new UnfinishedStage(folder, blocks);
        try (Scope stage = backend.openScope()) {
            List<Learner> learners = new ArrayList<>();
            blocks.forEach(block -> learners.add(learner(block)));
            StagePosition start = unfinished.restore(learners);
            Map<String, LearningCurve> curves = curves(learners);
            int epochs = training.stage1().epochs();
            if (epochs > 0) {
                try (TrajectoryBatches batches = trajectories.open(training, epochs, training.seed())) {
                    StageLoop loop = new StageLoop(
                            "raptor stage 1, " + blocks.size() + " blocks",
                            batches,
                            learners,
                            training.stage1(),
                            training.teacherForcingShare());
                    curves = loop.run(start, backend, position -> unfinished.save(learners, position), listener);
                }
            }
            for (int i = 0; i < learners.size(); i++) {
                files.save(
                        blocks.get(i),
                        learners.get(i),
                        curves.get(learners.get(i).name()));
            }
        }
        unfinished.delete();
    }

    private static Map<String, LearningCurve> curves(List<Learner> learners) {
        Map<String, LearningCurve> curves = new LinkedHashMap<>();
        learners.forEach(learner -> curves.put(learner.name(), LearningCurve.EMPTY));
        return curves;
    }

    private Learner learner(BlockSettings block) {
        ParameterSource source = ParameterSource.fresh(backend, block.initialSeed());
        PhaseBlock phaseBlock = new PhaseBlock(block.config(), block.layers(), block.depth(), block.layout(), source);
        return new Learner(block.name(), phaseBlock, source, block.loss(), optimizer(training.stage1()), retention);
    }

    static AdamW.Config optimizer(RaptorTraining.Stage stage) {
        return AdamW.Config.of(stage.weightDecay(), stage.clipNorm());
    }
}
