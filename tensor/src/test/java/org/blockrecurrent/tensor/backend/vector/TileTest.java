package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
        float[] a = drawn(K * WIDTH + tile.rows() + 1, 1);
        float[] b = drawn(K * WIDTH + 4, 2);
        float[] start = drawn(rows * (WIDTH + 1) + 2, 3);
        float[] c = new float[3 + rows * cRow];
        Arrays.fill(c, UNTOUCHED);
        tile.kernel().run(a, 1, b, 4, start, 2, WIDTH + 1, c, 3, cRow, K, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < WIDTH; j++) {
                float sum = start[2 + i * (WIDTH + 1) + j];
                for (int k = 0; k < K; k++) {
                    sum = Math.fma(a[1 + k * WIDTH + i], b[4 + k * WIDTH + j], sum);
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

    /** 1,001 steps of k in blocks of 96, with columns and rows left over, against one chain. */
    @Test
    void cutting_the_inner_extent_changes_no_bit() {
        int M = 2 * WIDTH + 3;
        int N = WIDTH + 5;
        int K = 1001;
        float[] a = drawn(M * K, 4);
        float[] across = transposed(a, M, K);
        int step = Panels.step(WIDTH, K);
        float[] panels = drawn(2 * step, 5);
        Arrays.fill(panels, K * WIDTH, step, 0);
        Arrays.fill(panels, step + K * WIDTH, 2 * step, 0);
        float[] bias = drawn(N, 6);
        Lanes lanes = new SimdLanes();
        Workspace workspace = new Workspace();
        BlockOfA rows = (k, steps) -> workspace.strips().ofRows(lanes, a, k, K, M, steps);
        BlockOfA columns = (k, steps) -> workspace.strips().ofColumns(lanes, across, k * M, M, M, steps);
        float[] whole = product(lanes, workspace, rows, panels, bias, M, K, K);
        assertThat(product(lanes, workspace, rows, panels, bias, M, K, 96)).isEqualTo(whole);
        assertThat(product(lanes, workspace, columns, panels, bias, M, K, K)).isEqualTo(whole);
        assertThat(product(lanes, workspace, columns, panels, bias, M, K, 96)).isEqualTo(whole);
        for (int m = 0; m < M; m++) {
            for (int n = 0; n < N; n++) {
                float sum = bias[n];
                for (int k = 0; k < K; k++) {
                    sum = Math.fma(a[m * K + k], panels[n / WIDTH * step + k * WIDTH + n % WIDTH], sum);
                }
                assertThat(whole[m * N + n]).as("row %d, column %d", m, n).isEqualTo(sum);
            }
        }
    }

    @FunctionalInterface
    private interface BlockOfA {
        Strips strips(int k, int steps);
    }

    private static float[] product(
            Lanes lanes, Workspace workspace, BlockOfA a, float[] panels, float[] bias, int M, int K, int depth) {
        int N = bias.length;
        float[] c = new float[M * N];
        for (int k = 0; k < K; k += depth) {
            Strips strips = a.strips(k, Math.min(depth, K - k));
            Start start = k == 0 ? Start.bias(bias, 0) : Start.of(c, 0, N);
            new Gemm(lanes).multiply(strips, panels, k * WIDTH, Panels.step(WIDTH, K), start, c, 0, N, N, workspace);
        }
        return c;
    }

    /** For every number of rows and columns around the blocks that are moved in registers; nothing else is touched. */
    @Test
    void panels_hold_rows_and_columns_in_their_places() {
        for (int rows = 1; rows <= WIDTH; rows++) {
            for (int n : List.of(1, 7, 8, 9, 16, 40, 131)) {
                float[] from = drawn(rows * (n + 3) + 2, 3);
                float[] to = new float[n * WIDTH + 4];
                Arrays.fill(to, UNTOUCHED);
                float[] expected = to.clone();
                for (int j = 0; j < rows; j++) {
                    for (int k = 0; k < n; k++) {
                        expected[4 + k * WIDTH + j] = from[2 + j * (n + 3) + k];
                    }
                }
                new SimdLanes().toColumns(to, 4, from, 2, n + 3, rows, n);
                assertThat(to).as("%d rows, %d columns", rows, n).isEqualTo(expected);
            }
        }
    }

    /** Where A ends with its array, and where it goes on. */
    @Test
    void strips_from_columns_are_those_from_rows() {
        int K = 9;
        Lanes lanes = new SimdLanes();
        for (int M = 1; M <= 3 * WIDTH; M++) {
            for (int more : List.of(0, 1, 2 * WIDTH)) {
                float[] across = drawn(K * M + more, 7);
                float[] a = transposed(across, K, M);
                Strips columns = new Workspace().strips().ofColumns(lanes, across, 0, M, M, K);
                Strips rows = new Workspace().strips().ofRows(lanes, a, 0, K, M, K);
                assertThat(columns.panelRows()).isEqualTo(rows.panelRows());
                for (int m = 0; m < M; m++) {
                    for (int k = 0; k < K; k++) {
                        int at = m / rows.panelRows() * rows.panel() + m % rows.panelRows() + k * WIDTH;
                        assertThat(columns.values()[at])
                                .as("a(%d, %d) of %d rows", m, k, M)
                                .isEqualTo(across[k * M + m])
                                .isEqualTo(rows.values()[at]);
                    }
                }
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
