package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GemmPlanTest {
    private static final int H100 = 132;

    @ParameterizedTest(name = "{0} rows, {1} columns on {2} multiprocessors: {4} tiles of {3}")
    @CsvSource({
        // ViT-B, 64 images of 261 tokens: 131 rows of tiles.
        "16704, 768, 132, 128, 786",
        "16704, 6144, 132, 128, 6288",
        // One image: 18 large tiles would leave most of the GPU idle.
        "261, 768, 132, 64, 60",
        "261, 768, 18, 128, 18",
        // A third of the large tiles would lie outside.
        "16704, 192, 132, 64, 783",
        "16704, 64, 1, 64, 261",
        "0, 768, 132, 64, 0",
    })
    void large_tiles_are_taken_where_they_are_full_and_enough(int M, int N, int multiprocessors, int tile, long tiles) {
        assertThat(GemmPlan.ofTiles(M, N, 768, multiprocessors)).isEqualTo(new GemmPlan(tile, tiles, 1, 768));
    }

    @ParameterizedTest(name = "({0}, {1}) over {2} rows: {3} tiles, {4} slices of {5}")
    @CsvSource({
        // Weight gradients of ViT-B: with their slices, just under two blocks a multiprocessor of an H100.
        "768, 768, 16704, 36, 7, 2400",
        "2304, 768, 16704, 108, 2, 8352",
        "6144, 768, 16704, 288, 1, 16704",
        // Slices have at least 512 rows, and whole slabs of 16.
        "768, 768, 261, 36, 1, 272",
        "8, 8, 1100, 1, 2, 560",
        "10, 10, 0, 1, 1, 16",
    })
    void the_gradient_of_a_weight_is_sliced_until_the_gpu_is_filled(
            int M, int N, int K, long tiles, int slices, int slice) {
        GemmPlan plan = GemmPlan.ofSlices(M, N, K);
        assertThat(plan).isEqualTo(new GemmPlan(plan.tile(), tiles, slices, slice));
        assertThat((long) slices * slice).isGreaterThanOrEqualTo(K);
        assertThat((long) (slices - 1) * slice).isLessThanOrEqualTo(K);
    }

    @Test
    void one_slice_needs_no_memory_for_partial_sums() {
        assertThat(GemmPlan.ofSlices(6144, 768, 16704).scratch(6144, 768)).isZero();
        assertThat(GemmPlan.ofSlices(768, 768, 16704).scratch(768, 768)).isEqualTo(7 * 768 * 768);
        assertThat(GemmPlan.ofTiles(16704, 768, 768, H100).scratch(16704, 768)).isZero();
    }
}
