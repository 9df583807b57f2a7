package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.kernels.emulator.KernelCounters;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attention moves what its tiling must, and not much more. A block owns some tokens of a head, which it reads once, and
 * walks along all tokens of that head. With M = B·N rows of D channels, H heads and T = ⌈N/ROWS⌉ blocks a head that is at
 * least
 *
 * <pre>{@code
 * forward            4 · (M·D·(2 + 2T) + M·H)        q, y, lse; k and v for each block
 * backward_queries   4 · (M·D·(4 + 2T) + 2·M·H)      q, dy, y, dq, lse, δ; k and v for each block
 * backward_keys      4 · (M·D·(4 + 2T) + 2·M·H·T)    k, v, dk, dv; q, dy, lse and δ for each block
 * }</pre>
 *
 * <p>bytes.
 */
class AttentionTrafficCountedTest extends OnEmulatedBackend {
    private static final double MOST_TRAFFIC = 1.3;
    private static final double MOST_CONFLICTS = 0.05;
    private static final TrafficTable TABLE = new TrafficTable("attention");

    @Override
    protected EmulatedDevice emulatedDevice() {
        return EmulatedDevice.counted();
    }

    @AfterAll
    static void leave_a_table() throws IOException {
        TABLE.write();
    }

    /** Rows as in attention.cu: of a block forward and backward. */
    @ParameterizedTest(name = "{0} images of {1} tokens, {2} heads of {3} channels")
    @CsvSource({
        "1, 128, 1, 32, 32, 64, 64",
        "2, 65, 2, 24, 32, 64, 64",
        "1, 65, 1, 33, 64, 64, 32",
        "1, 128, 1, 64, 64, 64, 32",
        "1, 65, 2, 64, 64, 64, 32",
        "1, 64, 1, 128, 128, 32, 16",
        "1, 33, 2, 80, 128, 32, 16"
    })
    void attention_moves_little_more_than_its_tiling_must(
            int B, int N, int H, int headDim, int kernel, int forwardRows, int backwardRows) {
        run(B, N, H, headDim);
        String sizes = B + "×" + N + "×" + H + "×" + headDim;
        long statistics = (long) B * N * H;
        long channels = statistics * headDim;
        long blocks = (N + forwardRows - 1) / forwardRows;
        boolean hasAlignedRows = headDim % 8 == 0;
        require("attention_forward_" + kernel, sizes, hasAlignedRows, channels * (2 + 2 * blocks) + statistics);
        blocks = (N + backwardRows - 1) / backwardRows;
        require(
                "attention_backward_queries_" + kernel,
                sizes,
                hasAlignedRows,
                channels * (4 + 2 * blocks) + 2 * statistics);
        require(
                "attention_backward_keys_" + kernel,
                sizes,
                hasAlignedRows,
                channels * (4 + 2 * blocks) + 2 * statistics * blocks);
    }

    private void run(int B, int N, int H, int headDim) {
        try (CudaBackend backend = open();
                Scope scope = backend.openScope()) {
            Tensor qkv = backend.zeros(Shape.of(B, N, 3 * H * headDim));
            Tensor y = backend.zeros(Shape.of(B, N, H * headDim));
            Tensor lse = backend.zeros(Shape.of(B, H, N));
            Into dqkv = new Into(backend.zeros(qkv.shape()), false);
            device.resetCounters();
            backend.attention().attention(y, lse, qkv, H);
            backend.attention().attentionBackward(dqkv, y, y, qkv, lse, H);
            backend.launcher().synchronize();
        }
    }

    private void require(String kernel, String sizes, boolean hasAlignedRows, long minimumFloats) {
        long minimum = Float.BYTES * minimumFloats;
        KernelCounters counted = device.counters().of(kernel);
        TABLE.add(kernel, sizes, counted, minimum);
        assertThat(counted.globalBytes()).as(kernel).isBetween(minimum, (long) (MOST_TRAFFIC * minimum));
        assertThat(counted.conflictRate()).as(kernel).isLessThan(MOST_CONFLICTS);
        if (hasAlignedRows) {
            assertThat(counted.sectorOverhead() * counted.globalBytes() / minimum)
                    .as(kernel)
                    .isLessThan(MOST_TRAFFIC);
        }
    }
}
