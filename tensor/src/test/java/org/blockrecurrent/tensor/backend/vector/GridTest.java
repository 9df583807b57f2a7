package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridTest {
    private static final int HEIGHT = 6;
    private static final int WIDTH = 16;

    @ParameterizedTest(name = "{0} x {1}, depth {2}, {3} threads")
    @CsvSource({
        "1, 1, 1, 1",
        "1, 1000, 96, 8",
        "2176, 288, 96, 2",
        "384, 96, 512, 3",
        "13, 65, 7, 2",
        "2088, 3072, 768, 2",
        "5, 3, 9000, 8"
    })
    void the_chunks_cover_every_element_once(int M, int N, int depth, int threads) {
        requireCover(Grid.of(HEIGHT, WIDTH, M, N, depth, Integer.MAX_VALUE, threads), M, N);
        requireCover(Grid.of(HEIGHT, WIDTH, M, N, depth, 12, threads), M, N);
    }

    private static void requireCover(Grid grid, int M, int N) {
        int[][] covered = new int[M][N];
        for (int chunk = 0; chunk < grid.chunks(); chunk++) {
            for (int m = grid.rowFrom(chunk); m < grid.rowTo(chunk); m++) {
                for (int n = grid.columnFrom(chunk); n < grid.columnTo(chunk); n++) {
                    covered[m][n]++;
                }
            }
            assertThat(grid.columnFrom(chunk) % WIDTH).isZero();
        }
        for (int[] row : covered) {
            assertThat(row).containsOnly(1);
        }
    }
}
