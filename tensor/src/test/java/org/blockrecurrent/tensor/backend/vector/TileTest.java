package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every register tile that a start may choose computes the same bits: one chain of fused multiply-adds for each element. */
class TileTest {
    private static final int WIDTH = 2 * FloatVector.SPECIES_PREFERRED.length();
    private static final float UNTOUCHED = -7;

    static List<Tile> tiles() {
        return SimdTileChoice.all();
    }

    @ParameterizedTest
    @MethodSource("tiles")
    void an_element_is_one_chain_of_fused_multiply_adds(Tile tile) {
        for (int rows = 1; rows <= tile.rows(); rows++) {
            for (int K : List.of(0, 2, 4, 6, 34)) {
                check(tile, rows, K);
            }
        }
    }

    private static void check(Tile tile, int rows, int K) {
        int cRow = WIDTH + 3;
        float[] a = drawn(rows * (K + 1) + 5, 1);
        float[] b = drawn(K * WIDTH + 4, 2);
        float[] start = drawn(rows * (WIDTH + 1) + 2, 3);
        float[] c = new float[3 + rows * cRow];
        java.util.Arrays.fill(c, UNTOUCHED);
        tile.kernel().run(a, 5, K + 1, b, 4, start, 2, WIDTH + 1, c, 3, cRow, K, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < WIDTH; j++) {
                float sum = start[2 + i * (WIDTH + 1) + j];
                for (int k = 0; k < K; k++) {
                    sum = Math.fma(a[5 + i * (K + 1) + k], b[4 + k * WIDTH + j], sum);
                }
                assertThat(c[3 + i * cRow + j])
                        .as("%s, K %d, row %d, column %d", tile.name(), K, i, j)
                        .isEqualTo(sum);
            }
            for (int j = WIDTH; j < cRow && 3 + i * cRow + j < c.length; j++) {
                assertThat(c[3 + i * cRow + j]).isEqualTo(UNTOUCHED);
            }
        }
        assertThat(List.of(c[0], c[1], c[2])).containsOnly(UNTOUCHED);
    }

    /** 1,000 steps of k in blocks of 96, with columns and rows left over, against one chain. */
    @Test
    void cutting_the_inner_extent_changes_no_bit() {
        int M = 2 * WIDTH + 3;
        int N = WIDTH + 5;
        int K = 1000;
        float[] a = drawn(M * K, 4);
        float[] panels = drawn(2 * K * WIDTH, 5);
        float[] bias = drawn(N, 6);
        Gemm gemm = new Gemm(new SimdLanes());
        float[] edge = new float[gemm.edgeSize()];
        float[] whole = new float[M * N];
        float[] cut = new float[M * N];
        float[] across = new float[M * N];
        Start start = Start.bias(bias, 0);
        gemm.multiply(a, 0, K, panels, 0, K * WIDTH, start, whole, 0, N, M, N, K, K, edge);
        gemm.multiply(a, 0, K, panels, 0, K * WIDTH, start, cut, 0, N, M, N, K, 96, edge);
        float[] rows = new float[TransposedRows.size(M, 96, WIDTH)];
        float[] transposed = transposed(a, M, K);
        gemm.multiplyTransposed(transposed, 0, M, panels, 0, K * WIDTH, start, across, 0, N, M, N, K, 96, edge, rows);
        assertThat(cut).isEqualTo(whole);
        assertThat(across).isEqualTo(whole);
        float first = bias[0];
        for (int k = 0; k < K; k++) {
            first = Math.fma(a[k], panels[k * WIDTH], first);
        }
        assertThat(whole[0]).isEqualTo(first);
    }

    @Test
    void ranges_are_gathered_as_one_by_one() {
        for (int width = 1; width <= WIDTH; width++) {
            for (int n : List.of(1, 2, 7, 40)) {
                int stride = width + n % 3;
                float[] from = drawn(3 + n * stride, 3);
                float[] to = new float[2 + n * width + n % 2 * 5];
                java.util.Arrays.fill(to, UNTOUCHED);
                float[] expected = to.clone();
                new ScalarLanes().gather(expected, 2, width, from, 3, stride, n);
                new SimdLanes().gather(to, 2, width, from, 3, stride, n);
                assertThat(to).as("%d ranges of %d", n, width).isEqualTo(expected);
            }
        }
    }

    @Test
    void the_choice_is_among_the_candidates_and_is_made_once() {
        SimdTileChoice choice = SimdTileChoice.ofThisProcess();
        assertThat(SimdTileChoice.ofThisProcess()).isSameAs(choice);
        assertThat(SimdTileChoice.candidates()).contains(choice.tile());
        assertThat(SimdTileChoice.all()).containsAll(SimdTileChoice.candidates());
    }

    private static float[] transposed(float[] a, int M, int K) {
        float[] across = new float[M * K];
        for (int m = 0; m < M; m++) {
            for (int k = 0; k < K; k++) {
                across[k * M + m] = a[m * K + k];
            }
        }
        return across;
    }

    private static float[] drawn(int n, long seed) {
        Philox random = new Philox(seed, Philox.streamOf("tiles"), 0);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.normal(i);
        }
        return values;
    }
}
