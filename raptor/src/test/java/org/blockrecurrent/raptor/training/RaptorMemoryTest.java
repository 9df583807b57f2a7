package org.blockrecurrent.raptor.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.blockrecurrent.vit.training.TrainingStoppedException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RaptorMemoryTest {
    /** What the prediction is held to. */
    private static final double TENTH = 0.1;

    /** With steps enough that every packed copy of a weight is there. */
    private static final int STEPS = 3;

    @TempDir
    private Path folder;

    /** A teacher and a Raptor of it, with so many images in a step. */
    private record Case(VitConfig teacher, RaptorConfig raptor, Phases phases, int batch) {}

    /** The quick start's; one whose parameters are most of it; one of many tokens, without depth scale. */
    static Stream<Arguments> cases() {
        VitConfig quick = VitConfig.quickStart();
        VitConfig wide = teacher(14, 576, 9, 3);
        VitConfig many = teacher(2, 24, 2, 6);
        return Stream.of(
                        new Case(quick, RaptorConfig.quickStart(quick), Phases.parse("1-4|5-7|8"), 16),
                        new Case(wide, RaptorConfig.published(wide), Phases.parse("1-2|3"), 2),
                        new Case(
                                many,
                                RaptorConfig.published(many)
                                        .withMlp(Mlp.Kind.GELU, 100)
                                        .withDepthScale(false),
                                Phases.parse("1-2|3-6"),
                                4))
                .flatMap(one -> Stream.of(Retention.values()).map(retention -> Arguments.of(one, retention)));
    }

    private static VitConfig teacher(int patch, int D, int heads, int layers) {
        return new VitConfig(
                1, 28, 28, patch, D, layers, heads, 2 * D, Mlp.Kind.GELU, 0, 1, 1e-6f, 0, 10, VitConfig.Pooling.CLS);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_step_of_stage_1_takes_what_is_predicted(Case one, Retention retention) {
        assertPredicted(one, training(one).withEpochs(20, 1), retention, true);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_step_of_stage_2_takes_what_is_predicted(Case one, Retention retention) {
        assertPredicted(one, training(one).withEpochs(0, 20), retention, false);
    }

    private static RaptorTraining training(Case one) {
        return RaptorTraining.smoke().withBatchSize(one.batch());
    }

    private void assertPredicted(Case one, RaptorTraining training, Retention retention, boolean first) {
        RaptorMemory memory = new RaptorMemory(one.teacher(), one.raptor(), one.phases(), training);
        double predicted = first ? memory.stage1Bytes(retention) : memory.stage2Bytes(retention);
        double counted = counted(one, training, retention);
        assertThat(predicted).isCloseTo(counted, within(TENTH * counted));
    }

    /** Within a stage, and once teacher forcing, which takes more than what follows, has been seen. */
    @ParameterizedTest
    @EnumSource(Retention.class)
    void a_training_that_goes_on_takes_no_new_array_from_the_heap(Retention retention) {
        List<Long> fresh = new ArrayList<>();
        try (VectorBackend backend = VectorBackend.open(1)) {
            TrainingListener counting = new TrainingListener() {
                @Override
                public void progress(TrainingProgress progress) {}

                @Override
                public boolean stopRequested() {
                    return !fresh.add(backend.freshArrays());
                }
            };
            RaptorTraining training = RaptorTraining.smoke().withEpochs(5, 4).withBatchSize(8);
            new RaptorTrainer(
                            backend,
                            TinyTeacher.of(backend, 1),
                            TinyTeacher.images(32),
                            RaptorConfig.published(TinyTeacher.config()),
                            training)
                    .withRetention(retention)
                    .train(List.of(Phases.endingAt(2, 4)), folder, counting);
        }
        assertThat(fresh).hasSize(20 + 16);
        assertThat(fresh.subList(2, 20)).containsOnly(fresh.get(19));
        assertThat(fresh.subList(22, 36)).containsOnly(fresh.get(35));
    }

    private double counted(Case one, RaptorTraining training, Retention retention) {
        int[] steps = new int[1];
        try (VectorBackend backend = VectorBackend.open(2)) {
            RaptorTrainer trainer = new RaptorTrainer(
                            backend,
                            TinyTeacher.of(backend, one.teacher(), 1),
                            TinyTeacher.images(2 * one.batch()),
                            one.raptor(),
                            training)
                    .withRetention(retention);
            assertThatThrownBy(() -> trainer.train(List.of(one.phases()), folder, stopAfter(steps)))
                    .isInstanceOf(TrainingStoppedException.class);
            return backend.peakBytes();
        }
    }

    private static TrainingListener stopAfter(int[] steps) {
        return new TrainingListener() {
            @Override
            public void progress(TrainingProgress progress) {}

            @Override
            public boolean stopRequested() {
                return ++steps[0] == STEPS;
            }
        };
    }
}
