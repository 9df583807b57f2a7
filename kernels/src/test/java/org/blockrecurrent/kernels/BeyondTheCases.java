package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.op.LayerNormOp;
import org.blockrecurrent.tensor.op.MeanTokensOp;
import org.blockrecurrent.tensor.op.ScaleChannelsOp;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.tensor.testkit.Input;
import org.blockrecurrent.tensor.testkit.OpCase;
import org.blockrecurrent.tensor.testkit.Parity;
import org.blockrecurrent.tensor.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract's cases do not reach but the kernels have code for: rows longer than a block holds in registers, sums
 * in several pieces, more groups than a grid has blocks; labels that are no class, and gradients whose squares no float
 * holds.
 */
abstract class BeyondTheCases {
    private static final int MOST_GRID_BLOCKS = 65535;

    private Backend backend;

    abstract Backend backend();

    @BeforeEach
    void open() {
        backend = backend();
    }

    @AfterEach
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    /** So many rows that a group of threads takes two of them in turn: short ones, long ones, with some to spare. */
    static List<OpCase> rowsInTurn() {
        return List.of(layerNorm(4203, 12), layerNorm(515, 4100), cosine(4203, 12), crossEntropy(4203, 10));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rowsInTurn")
    void rows_that_are_taken_in_turn_do_not_mix(OpCase opCase) {
        Parity.of(opCase).require(backend);
    }

    /** 4096 columns are held; 4099 leave a scalar tail, 9000 two rounds of packs. */
    static List<OpCase> longRows() {
        return List.of(
                layerNorm(2, 4099),
                layerNorm(3, 9000),
                cosine(2, 4099),
                cosine(2, 9000),
                crossEntropy(2, 4099),
                crossEntropy(3, 9000));
    }

    /** Column sums in pieces: of many rows, in groups, of a product, and of part of a larger tensor. */
    static List<OpCase> manyRows() {
        return List.of(
                addRows(4001, 24),
                addRows(1500, 7),
                scaleChannels(3, 700, 20),
                scaleChannels(2, 515, 5),
                meanTokens(3, 701, 8));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("longRows")
    void a_row_longer_than_a_block_holds_is_read_again(OpCase opCase) {
        Parity.of(opCase).require(backend);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manyRows")
    void a_sum_of_pieces_is_the_sum_of_all(OpCase opCase) {
        Parity.of(opCase).require(backend);
    }

    @Test
    void more_images_than_a_grid_has_blocks_are_all_served() {
        int images = MOST_GRID_BLOCKS + 3;
        Tensor dx = backend.zeros(Shape.of(images, 2, 1));
        Tensor dy = backend.empty(images, 1);
        backend.fill(dy.storage(), 3);
        backend.reduce().meanTokensBackward(new Into(dx, true), dy, 1, 2);
        float[] values = dx.toArray();
        for (int image = 0; image < images; image++) {
            assertThat(values[2 * image]).isZero();
            assertThat(values[2 * image + 1]).isEqualTo(3);
        }
    }

    @ParameterizedTest(name = "label {0}")
    @ValueSource(floats = {-1, 5, 2.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e20f})
    void a_label_that_is_no_class_skips_the_update(float label) {
        Tensor logits = backend.zeros(Shape.of(3, 5)).tracked();
        Tensor labels = backend.tensor(Shape.of(3), 4, label, 0);
        Tensor loss = CrossEntropyOp.forward(logits, labels, 0.1f);
        assertThat(loss.item()).isNaN();
        Tensor gradient = Backpropagation.from(loss).of(logits);
        assertThat(gradient.toArray()[0]).isFinite();
        StepState state = new StepState(backend);
        state.begin(1, 1e-3f, 0);
        backend.optimizer().gradientNorm(state, List.of(gradient), 1);
        assertThat(state.wasSkipped()).isTrue();
    }

    @Test
    void a_gradient_whose_squares_no_float_holds_is_clipped() {
        StepState state = new StepState(backend);
        state.begin(1, 1e-3f, 0);
        Tensor gradient = backend.tensor(Shape.of(2), 3e30f, 4e30f);
        backend.optimizer().gradientNorm(state, List.of(gradient), 1);
        double[] slots = state.slots().toDoubles();
        Tolerance.sameAlgorithm()
                .require("norm", new double[] {slots[StepState.GRADIENT_NORM]}, new double[] {5e30}, 0);
        Tolerance.sameAlgorithm().require("clip factor", new double[] {slots[StepState.CLIP]}, new double[] {2e-31}, 0);
    }

    @Test
    void without_gradients_nothing_is_clipped() {
        StepState state = new StepState(backend);
        state.begin(1, 1e-3f, 0);
        backend.optimizer().gradientNorm(state, List.of(), 1);
        assertThat(state.gradientNorm()).isZero();
        assertThat(state.slots().toArray()[StepState.CLIP]).isEqualTo(1);
    }

    @Test
    void a_loss_of_no_spans_is_zero_with_zero_gradients() {
        Tensor prediction =
                backend.tensor(Shape.of(1, 2, 2), 1, Float.NaN, 3, 4).tracked();
        Tensor loss = TokenMseOp.forward(prediction, backend.zeros(Shape.of(1, 2, 2)), List.of());
        assertThat(loss.item()).isZero();
        assertThat(Backpropagation.from(loss).of(prediction).toArray()).containsOnly(0f);
    }

    /** The gradient is added to one that is there: of the tokens in no span, it stays as it was. */
    @Test
    void tokens_in_no_span_keep_the_gradient_they_have() {
        Tensor prediction = backend.tensor(Shape.of(1, 3, 1), 5, 6, Float.NaN);
        Tensor dprediction = backend.tensor(Shape.of(1, 3, 1), 10, 20, 30);
        List<TokenSpan> spans = List.of(new TokenSpan("middle", 1, 2, 0.5f));
        backend.loss()
                .tokenMseBackward(
                        new Into(dprediction, true),
                        backend.tensor(Shape.of(), 2),
                        prediction,
                        backend.zeros(Shape.of(1, 3, 1)),
                        spans);
        assertThat(dprediction.toArray()).containsExactly(10, 20 + 2 * 2 * 0.5f * 6, 30);
    }

    private static OpCase layerNorm(int rows, int D) {
        return new OpCase(
                "layerNorm " + rows + "x" + D,
                List.of(Input.normal("x", rows, D), Input.nearOne("weight", D), Input.normal("bias", D)),
                Shape.of(rows, D),
                leaves -> LayerNormOp.forward(leaves.get(0), leaves.get(1), leaves.get(2), 1e-6f),
                8L * rows * D,
                Tolerance.reduction(D));
    }

    private static OpCase cosine(int rows, int D) {
        return new OpCase(
                "cosine " + rows + "x" + D,
                List.of(Input.normal("a", rows, D), Input.normal("b", rows, D)),
                Shape.of(rows),
                leaves -> CosineOp.forward(leaves.get(0), leaves.get(1)),
                6L * rows * D,
                Tolerance.reduction(D));
    }

    private static OpCase crossEntropy(int B, int K) {
        return new OpCase(
                "crossEntropy " + B + "x" + K,
                List.of(Input.normal("logits", B, K), Input.labels("labels", B, K)),
                Shape.of(),
                leaves -> CrossEntropyOp.forward(leaves.get(0), leaves.get(1), 0.1f),
                12L * B * K,
                Tolerance.reduction(B * K));
    }

    private static OpCase addRows(int rows, int D) {
        return new OpCase(
                "add " + rows + "x" + D,
                List.of(Input.normal("a", rows, D), Input.normal("b", D)),
                Shape.of(rows, D),
                leaves -> leaves.get(0).add(leaves.get(1)),
                (long) rows * D,
                Tolerance.reduction(rows));
    }

    private static OpCase scaleChannels(int G, int rows, int D) {
        return new OpCase(
                "scaleChannels " + G + "x" + rows + "x" + D,
                List.of(Input.normal("x", G, rows, D), Input.nearOne("scale", G, D)),
                Shape.of(G, rows, D),
                leaves -> ScaleChannelsOp.forward(leaves.get(0), leaves.get(1)),
                (long) G * rows * D,
                Tolerance.reduction(rows));
    }

    private static OpCase meanTokens(int B, int N, int D) {
        return new OpCase(
                "meanTokens " + B + "x" + N + "x" + D,
                List.of(Input.normal("x", B, N, D)),
                Shape.of(B, D),
                leaves -> MeanTokensOp.forward(leaves.get(0), 3, N - 2),
                (long) B * N * D,
                Tolerance.reduction(N));
    }
}
