package org.blockrecurrent.raptor.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.training.Teacher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R² and ε on trajectories whose values are known on paper. */
class TrajectoryMeasuresTest {
    /** Sums of some hundred products of floats. */
    private static final double ROUNDING = 1e-6;

    private static final TokenLayout LAYOUT = new TokenLayout(2, 4);
    private static final int BATCH = 5;
    private static final int DIM = 3;
    private static final int DEPTH = 4;

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    private interface Value {
        double of(int layer, int image, int token, int channel);
    }

    private Trajectory trajectory(int from, int to, Value value) {
        List<Tensor> states = new ArrayList<>();
        for (int layer = 0; layer <= DEPTH; layer++) {
            float[] values = new float[(to - from) * LAYOUT.tokens() * DIM];
            for (int i = 0; i < values.length; i++) {
                int token = i / DIM % LAYOUT.tokens();
                values[i] = (float) value.of(layer, from + i / DIM / LAYOUT.tokens(), token, i % DIM);
            }
            states.add(backend.tensor(Shape.of(to - from, LAYOUT.tokens(), DIM), values));
        }
        return new Trajectory(states, LAYOUT);
    }

    private static double noise(int layer, int image, int token, int channel) {
        return 3 * channel + new Philox(1, layer, token).normal(image * DIM + channel);
    }

    @Test
    void a_perfect_surrogate_has_r2_one_and_epsilon_zero() {
        Trajectory teacher = trajectory(0, BATCH, TrajectoryMeasuresTest::noise);
        TrajectoryR2 r2 = new TrajectoryR2();
        r2.accept(teacher, teacher);
        assertEquals(1, r2.mean());
        assertEquals(1, r2.officialGlobalR2());
        for (TokenGroup group : LAYOUT.groups()) {
            assertEquals(1, r2.mean(group));
        }
        BlockRecurrence.Result epsilon = recurrence(teacher, teacher);
        assertEquals(0, epsilon.largest());
        assertEquals(0, epsilon.largestRelative());
    }

    @Test
    void the_teachers_mean_token_of_each_group_has_r2_zero() {
        Trajectory teacher = trajectory(0, BATCH, TrajectoryMeasuresTest::noise);
        Trajectory mean = trajectory(0, BATCH, (layer, image, token, channel) -> {
            TokenGroup group = groupOf(token);
            double sum = 0;
            for (int b = 0; b < BATCH; b++) {
                for (int t = LAYOUT.from(group); t < LAYOUT.to(group); t++) {
                    sum += (float) noise(layer, b, t, channel);
                }
            }
            return sum / BATCH / LAYOUT.count(group);
        });
        TrajectoryR2 r2 = new TrajectoryR2();
        r2.accept(teacher, mean);
        for (int layer = 1; layer <= DEPTH; layer++) {
            assertEquals(0, r2.of(layer), ROUNDING);
            for (TokenGroup group : LAYOUT.groups()) {
                assertEquals(0, r2.of(layer, group), ROUNDING, group + " " + layer);
            }
        }
        assertTrue(r2.officialGlobalR2() > 0.5, "one scalar mean lets the channels' offsets count as explained");
    }

    private static TokenGroup groupOf(int token) {
        return token == 0 ? TokenGroup.CLS : token < LAYOUT.firstPatch() ? TokenGroup.REGISTERS : TokenGroup.PATCHES;
    }

    @Test
    void r2_and_epsilon_do_not_depend_on_the_batches() {
        Value shifted = (layer, image, token, channel) -> noise(layer, image, token, channel) + 0.1 * layer;
        TrajectoryR2 whole = new TrajectoryR2();
        whole.accept(trajectory(0, BATCH, TrajectoryMeasuresTest::noise), trajectory(0, BATCH, shifted));
        TrajectoryR2 parts = new TrajectoryR2();
        BlockRecurrence recurrence = new BlockRecurrence();
        for (int[] range : new int[][] {{0, 3}, {3, BATCH}}) {
            Trajectory teacher = trajectory(range[0], range[1], TrajectoryMeasuresTest::noise);
            Trajectory surrogate = trajectory(range[0], range[1], shifted);
            parts.accept(teacher, surrogate);
            recurrence.accept(teacher, surrogate);
        }
        for (int layer = 1; layer <= DEPTH; layer++) {
            assertEquals(whole.of(layer), parts.of(layer), ROUNDING);
            assertTrue(whole.of(layer) < 1);
            // Every one of N · D values is off by 0.1 ℓ: the Frobenius norm of the difference is 0.1 ℓ √(N D).
            double expected = 0.1 * layer * Math.sqrt(LAYOUT.tokens() * DIM);
            assertEquals(
                    expected, recurrence.result(TinyTeacher.config(), raptor()).epsilon()[layer - 1], ROUNDING * 10);
        }
    }

    private BlockRecurrence.Result recurrence(Trajectory teacher, Trajectory surrogate) {
        BlockRecurrence recurrence = new BlockRecurrence();
        recurrence.accept(teacher, surrogate);
        return recurrence.result(TinyTeacher.config(), raptor());
    }

    private Raptor raptor() {
        RaptorConfig config = RaptorConfig.published(TinyTeacher.config());
        return new Raptor(
                config, Phases.endingAt(2, 4), TinyTeacher.config().layout(), ParameterSource.fresh(backend, 1));
    }

    @Test
    void the_guards_tell_how_many_blocks_there_are_and_what_they_cost() {
        Trajectory teacher = trajectory(0, BATCH, TrajectoryMeasuresTest::noise);
        BlockRecurrence.Result result = recurrence(teacher, teacher);
        assertEquals(DEPTH, result.depth());
        assertEquals(2, result.blocks());
        assertEquals(0.5, result.blocksPerLayer());
        // The tiny teacher: D = 16, F = 32, N = 7. Attention 4 D² N + 2 D N², MLP 2 D F N; SwiGLU has 3 D F N.
        double attention = 4 * 256 * 7 + 2 * 16 * 49;
        assertEquals((attention + 3 * 512 * 7) / (attention + 2 * 512 * 7), result.costRatio());
        BlockRecurrence gelu = new BlockRecurrence();
        gelu.accept(teacher, teacher);
        RaptorConfig config = RaptorConfig.published(TinyTeacher.config()).withMlp(Mlp.Kind.GELU, 32);
        Raptor same = new Raptor(config, Phases.endingAt(2, 4), LAYOUT, ParameterSource.fresh(backend, 2));
        assertEquals(1, gelu.result(TinyTeacher.config(), same).costRatio());
    }

    @Test
    void trajectories_of_different_models_are_refused() {
        Trajectory teacher = trajectory(0, BATCH, TrajectoryMeasuresTest::noise);
        Trajectory shorter = new Trajectory(teacher.states().subList(0, 3), LAYOUT);
        Trajectory fewer = trajectory(0, 2, TrajectoryMeasuresTest::noise);
        assertThrows(InvalidInputException.class, () -> new TrajectoryR2().accept(teacher, shorter));
        assertThrows(InvalidInputException.class, () -> new BlockRecurrence().accept(teacher, fewer));
        assertThrows(InvalidInputException.class, () -> new BlockRecurrence().result(TinyTeacher.config(), raptor()));
    }

    @Test
    void an_evaluation_compares_on_every_image_once() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        Batches batches = teacher.evaluation(TinyTeacher.images(50), 16);
        RaptorEvaluation evaluation = RaptorEvaluation.of(teacher.model(), raptor(), backend, batches);
        assertEquals(50, evaluation.images());
        assertEquals(
                org.blockrecurrent.vit.training.Evaluation.of(teacher.model(), backend, batches)
                        .accuracy(),
                evaluation.teacherAccuracy());
        assertTrue(evaluation.agreement() >= 0 && evaluation.agreement() <= 1);
        assertTrue(
                Math.abs(evaluation.clsCosine()) <= 1 + ROUNDING && Math.abs(evaluation.patchCosine()) <= 1 + ROUNDING);
        assertEquals(4, evaluation.r2().depth());
        assertEquals(evaluation.accuracy() / evaluation.teacherAccuracy(), evaluation.retainedAccuracy());
    }
}
