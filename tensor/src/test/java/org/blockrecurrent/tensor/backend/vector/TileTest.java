package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every register tile that a start may choose computes the same bits: one chain of fused multiply-adds for each element. */
class TileTest {
    private static final int WIDTH = 2 * FloatVector.SPECIES_PREFERRED.length();
    private static final float UNTOUCHED = -7;

    /** A tile, and whether it reads strips. */
    record Candidate(Tile tile, boolean strips) {
        @Override
        public String toString() {
            return tile.name() + (strips ? " over strips" : " over rows");
        }
    }

    /** Those of this processor, and the large ones of others. */
    static Stream<Candidate> candidates() {
        Stream<Tile> rows = Stream.concat(
                SimdTileChoice.rowTiles().stream(),
                Stream.of(
                        new Tile("12 x 2", 12, SimdRowTiles::tile12x1), new Tile("12 x 2 x 2", 12, SimdTiles::rows12)));
        Stream<Tile> strips = Stream.concat(
                SimdTileChoice.stripTiles().stream(),
                Stream.of(
                        new Tile("12 x 2", 12, SimdStripTiles::tile12x1),
                        new Tile("12 x 2 x 2", 12, SimdTiles::strips12)));
        return Stream.concat(
                rows.map(tile -> new Candidate(tile, false)), strips.map(tile -> new Candidate(tile, true)));
    }

    @ParameterizedTest
    @MethodSource("candidates")
    void an_element_is_one_chain_of_fused_multiply_adds(Candidate candidate) {
        for (int rows = 1; rows <= candidate.tile().rows(); rows++) {
            for (int K : List.of(0, 2, 4, 6, 34)) {
                check(candidate, rows, K);
            }
        }
    }

    private static void check(Candidate candidate, int rows, int K) {
        int cRow = WIDTH + 3;
        float[] a = drawn(rows * (K + 1) + 5, 1);
        float[] b = drawn(K * WIDTH + 4, 2);
        float[] c = new float[3 + rows * cRow];
        java.util.Arrays.fill(c, UNTOUCHED);
        float[] left = a;
        int from = 5;
        if (candidate.strips()) {
            int height = candidate.tile().rows();
            left = new float[Strips.size(rows, K, height)];
            Strips.pack(new ScalarLanes(), left, height, transposed(a, 5, rows, K), 0, rows, rows, K);
            from = 0;
        }
        candidate.tile().kernel().run(left, from, K + 1, b, 4, c, 3, cRow, K, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < WIDTH; j++) {
                float sum = 0;
                for (int k = 0; k < K; k++) {
                    sum = Math.fma(a[5 + i * (K + 1) + k], b[4 + k * WIDTH + j], sum);
                }
                assertThat(c[3 + i * cRow + j])
                        .as("%s, K %d, row %d, column %d", candidate, K, i, j)
                        .isEqualTo(sum);
            }
            for (int j = WIDTH; j < cRow && 3 + i * cRow + j < c.length; j++) {
                assertThat(c[3 + i * cRow + j]).isEqualTo(UNTOUCHED);
            }
        }
        assertThat(List.of(c[0], c[1], c[2])).containsOnly(UNTOUCHED);
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
        SimdTileChoice rows = SimdTileChoice.overRows();
        SimdTileChoice strips = SimdTileChoice.overStrips();
        assertThat(SimdTileChoice.overRows()).isSameAs(rows);
        assertThat(SimdTileChoice.overStrips()).isSameAs(strips);
        assertThat(SimdTileChoice.rowTiles())
                .extracting(Tile::name)
                .contains(rows.tile().name());
        assertThat(SimdTileChoice.stripTiles())
                .extracting(Tile::name)
                .contains(strips.tile().name());
    }

    private static float[] transposed(float[] a, int a0, int rows, int K) {
        float[] across = new float[rows * K];
        for (int k = 0; k < K; k++) {
            for (int i = 0; i < rows; i++) {
                across[k * rows + i] = a[a0 + i * (K + 1) + k];
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
