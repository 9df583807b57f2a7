package org.blockrecurrent.vit.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.ByteImages;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.Pictures;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingMemoryTest {
    /** What the prediction is held to. */
    private static final double TENTH = 0.1;

    /** With steps enough that every packed copy of a weight is there. */
    private static final int STEPS = 3;

    @TempDir
    private Path folder;

    /** The quick start's; one whose parameters are most of it; one of many tokens, gated, without LayerScale. */
    static Stream<Arguments> shapes() {
        return Stream.of(
                        Arguments.of(VitConfig.quickStart(), 32),
                        Arguments.of(config(28, 14, 640, 10, 2560, Mlp.Kind.GELU, 1, 3), 4),
                        Arguments.of(config(64, 4, 48, 4, 96, Mlp.Kind.SWIGLU, 0, 6), 6))
                .flatMap(shape -> Stream.of(Retention.values())
                        .map(retention -> Arguments.of(shape.get()[0], shape.get()[1], retention)));
    }

    private static VitConfig config(
            int side, int patch, int D, int heads, int F, Mlp.Kind mlp, float layerScale, int layers) {
        return new VitConfig(
                1, side, side, patch, D, layers, heads, F, mlp, 0, layerScale, 1e-6f, 0.1f, 4, VitConfig.Pooling.CLS);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void a_training_step_takes_what_is_predicted(VitConfig config, int batch, Retention retention) {
        double predicted = TrainingMemory.teacherBytes(config, batch, retention);
        double counted = counted(config, batch, retention);
        assertThat(predicted).isCloseTo(counted, within(TENTH * counted));
    }

    /** From the first evaluation on, which is another computation than a step. */
    @ParameterizedTest
    @EnumSource(Retention.class)
    void a_training_that_goes_on_takes_no_new_array_from_the_heap(Retention retention) {
        ByteImages images = Pictures.of(64, 1, 28, 28, 10);
        DataSet data = new DataSet("pictures", images, images);
        TeacherTraining training = TeacherTraining.smoke().withEpochs(12).withBatchSize(16);
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
            new TeacherTrainer(backend, VitConfig.smoke(), training, data)
                    .withRetention(retention)
                    .train(folder, counting);
        }
        assertThat(fresh).hasSize(48);
        assertThat(fresh.subList(47 / 5 + 2, 48)).containsOnly(fresh.get(47));
    }

    private double counted(VitConfig config, int batch, Retention retention) {
        ByteImages images = Pictures.of(2 * batch, 1, config.imageHeight(), config.imageWidth(), config.classes());
        DataSet data = new DataSet("pictures", images, images);
        TeacherTraining training = TeacherTraining.smoke().withEpochs(50).withBatchSize(batch);
        int[] steps = new int[1];
        try (VectorBackend backend = VectorBackend.open(2)) {
            TeacherTrainer trainer = new TeacherTrainer(backend, config, training, data).withRetention(retention);
            assertThatThrownBy(() -> trainer.train(folder, stopAfter(steps)))
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
