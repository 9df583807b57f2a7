package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.blockrecurrent.tensor.testkit.Drawn;
import org.blockrecurrent.tensor.testkit.OpCase;
import org.blockrecurrent.tensor.testkit.OpRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread or many: the same bits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreadCountTest {
    private final VectorBackend alone = VectorBackend.open(1);
    private final List<VectorBackend> teams = teams(false);
    private final VectorBackend aloneInPlainLoops = VectorBackend.open(1, true);
    private final List<VectorBackend> teamsInPlainLoops = teams(true);

    private static List<VectorBackend> teams(boolean scalar) {
        return List.of(VectorBackend.open(2, scalar), VectorBackend.open(3, scalar), VectorBackend.open(8, scalar));
    }

    @AfterAll
    void close() {
        alone.close();
        teams.forEach(VectorBackend::close);
        aloneInPlainLoops.close();
        teamsInPlainLoops.forEach(VectorBackend::close);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#all")
    void every_op_gives_the_same_bits_on_any_number_of_threads(OpCase opCase) {
        requireSameBits(opCase, alone, teams);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#all")
    void plain_loops_give_the_same_bits_on_any_number_of_threads(OpCase opCase) {
        requireSameBits(opCase, aloneInPlainLoops, teamsInPlainLoops);
    }

    private static void requireSameBits(OpCase opCase, VectorBackend alone, List<VectorBackend> teams) {
        Drawn drawn = Drawn.of(opCase);
        OpRun expected = OpRun.of(opCase, alone, drawn);
        for (VectorBackend team : teams) {
            OpRun got = OpRun.of(opCase, team, drawn);
            expected.results()
                    .forEach(
                            (name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
        }
    }

    @ParameterizedTest(name = "swiglu {0}")
    @ValueSource(booleans = {false, true})
    void training_gives_the_same_bits_on_any_number_of_threads(boolean swiGlu) {
        List<float[]> expected = afterTraining(1, swiGlu);
        for (int threads : new int[] {2, 3, 8}) {
            List<float[]> got = afterTraining(threads, swiGlu);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(got.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    private static List<float[]> afterTraining(int threads, boolean swiGlu) {
        try (VectorBackend backend = VectorBackend.open(threads)) {
            TinyTransformer model = new TinyTransformer(backend, 2, 96, 3, 384, 24, 17, swiGlu);
            for (int i = 0; i < 3; i++) {
                assertThat(model.trainingStep()).isFinite();
            }
            return model.parameters();
        }
    }
}
