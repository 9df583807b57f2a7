package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sum has the same bits before and after the JVM compiles the code that computes it. */
class CompiledSumsTest {
    private static final int N = 96;
    private static final int ROWS = 50;
    private static final int CALLS_UNTIL_COMPILED = 300_000;

    /** A sum over a row. */
    record Sum(String name, Body body) {
        interface Body {
            float of(Lanes lanes, float[] x, int start);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Sum> sums() {
        return Stream.of(
                new Sum("sum", (lanes, x, start) -> lanes.sum(x, start, N)),
                new Sum("dot", (lanes, x, start) -> lanes.dot(x, start, x, 0, N)),
                new Sum("squaredDeviation", (lanes, x, start) -> lanes.squaredDeviation(x, start, 0.3f, N)),
                new Sum("squaredDistance", (lanes, x, start) -> lanes.squaredDistance(x, start, x, 0, N)),
                new Sum("exp", (lanes, x, start) -> lanes.exp(new float[N], 0, x, start, 1, 0, N)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sums")
    void a_sum_has_the_same_bits_interpreted_and_compiled(Sum sum) {
        Lanes lanes = LaneSelection.choose(false).lanes();
        float[] rows = rows();
        float[] atFirst = all(sum, lanes, rows);
        for (int call = 0; call < CALLS_UNTIL_COMPILED; call += ROWS) {
            all(sum, lanes, rows);
        }
        assertThat(all(sum, lanes, rows)).containsExactly(atFirst);
    }

    private static float[] all(Sum sum, Lanes lanes, float[] rows) {
        float[] results = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            results[row] = sum.body().of(lanes, rows, row * N);
        }
        return results;
    }

    private static float[] rows() {
        Philox random = Philox.stream(1, "rows");
        float[] values = new float[ROWS * N];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.normal(i);
        }
        return values;
    }
}
