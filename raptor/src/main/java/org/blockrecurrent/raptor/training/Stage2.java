package org.blockrecurrent.raptor.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.training.LearningCurve;
import org.blockrecurrent.vit.training.TrainingListener;

/** Joins the blocks of each surrogate and trains them on the whole rollout, all surrogates in one pass over the images. */
final class Stage2 {
    private static final int SHUFFLE = Philox.streamOf("raptor stage 2");

    private final Backend backend;
    private final TrajectorySource trajectories;
    private final RaptorTraining training;
    private final BlockFiles files;
    private final Path folder;
    private final Retention retention;

    Stage2(
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

    /** Leaves a checkpoint and a curve for every surrogate. */
    void train(Map<String, RaptorSettings> surrogates, TrainingListener listener) {
        UnfinishedStage unfinished = new UnfinishedStage(folder, surrogates);
        try (Scope stage = backend.openScope()) {
            Map<String, Raptor> raptors = new LinkedHashMap<>();
            List<Learner> learners = new ArrayList<>();
            surrogates.forEach((name, settings) -> learners.add(learner(name, settings, raptors)));
            StagePosition start = unfinished.restore(learners);
            Map<String, LearningCurve> curves = Map.of();
            int epochs = training.stage2().epochs();
            if (epochs > 0) {
                try (TrajectoryBatches batches = trajectories.open(training, epochs, training.seed() + SHUFFLE)) {
                    String what = "raptor stage 2, " + String.join(" ", surrogates.keySet());
                    StageLoop loop = new StageLoop(what, batches, learners, training.stage2(), 0);
                    curves = loop.run(start, backend, position -> unfinished.save(learners, position), listener);
                }
            }
            for (Map.Entry<String, Raptor> raptor : raptors.entrySet()) {
                String name = raptor.getKey();
                save(name, raptor.getValue(), surrogates.get(name), curves.getOrDefault(name, LearningCurve.EMPTY));
            }
        }
        unfinished.delete();
    }

    private Learner learner(String name, RaptorSettings settings, Map<String, Raptor> raptors) {
        ParameterSource source = ParameterSource.of(backend, joined(BlockSettings.of(settings)));
        Raptor raptor = new Raptor(settings.config(), settings.assignment(), settings.layout(), source);
        raptors.put(name, raptor);
        List<Phase> whole = List.of(new Phase(1, raptor.layers()));
        TrajectoryLoss loss = new TrajectoryLoss(training.weightsOfStage2(), whole);
        return new Learner(name, raptor, source, loss, Stage1.optimizer(training.stage2()), retention);
    }

    /** {@code blocks.J.NAME} is NAME of the J-th block of stage 1. */
    private ParameterSource.Values joined(List<BlockSettings> blocks) {
        Map<String, float[]> joined = new LinkedHashMap<>();
        for (int block = 0; block < blocks.size(); block++) {
            String prefix = "blocks." + block + ".";
            files.parameters(blocks.get(block)).forEach((name, values) -> joined.put(prefix + name, values));
        }
        return (name, shape, initializer) -> joined.get(name);
    }

    private void save(String name, Raptor raptor, RaptorSettings settings, LearningCurve joint) {
        Map<String, LearningCurve> curves = new LinkedHashMap<>();
        BlockSettings.of(settings).forEach(block -> curves.put(block.name(), files.curve(block)));
        curves.put(RaptorCard.JOINT, joint);
        RaptorTrainer.saveCurves(folder, name, curves);
        RaptorCheckpoint.save(RaptorTrainer.file(folder, name), name, raptor, new RaptorCard(settings, curves));
    }
}
