package org.blockrecurrent.tensor.op;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Shapes that do not fit are refused with both shapes, before any kernel runs. */
class OpShapeTest {
    private final ReferenceBackend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void linear_maps() {
        requireRefused(() -> LinearOp.forward(zeros(2, 5), zeros(3, 4), null), "(2, 5)", "(3, 4)");
        requireRefused(() -> LinearOp.forward(zeros(2, 4), zeros(3, 4), zeros(4)), "(3)", "(4)");
        requireRefused(() -> LinearOp.forward(zeros(2, 4), zeros(12), null), "(out, in)", "(12)");
        requireRefused(
                () -> LinearActivationOp.forward(zeros(2, 5), zeros(3, 4), null, Activation.GELU), "linearActivation");
        requireRefused(() -> LinearSwiGluOp.forward(zeros(2, 4), zeros(3, 4), null), "even", "(3, 4)");
        requireRefused(
                () -> LinearResidualOp.forward(zeros(2, 4), null, zeros(2, 4), zeros(3, 4), null), "(2, 3)", "(2, 4)");
        requireRefused(
                () -> LinearResidualOp.forward(zeros(3, 3), zeros(2, 3), zeros(3, 4), zeros(3, 4), null),
                "(2, 3)",
                "(3, 3)");
    }

    @Test
    void matrix_products() {
        for (Layout layout : Layout.values()) {
            requireRefused(() -> MatmulOp.forward(zeros(2, 3), zeros(5, 7), layout), layout.name(), "(2, 3)", "(5, 7)");
        }
        requireRefused(() -> MatmulOp.forward(zeros(2, 3, 4), zeros(4, 4), Layout.TN), "(2, 3, 4)");
    }

    @Test
    void elementwise_ops() {
        requireRefused(() -> zeros(2, 3).add(zeros(2)), "(2, 3)", "(2)");
        requireRefused(() -> zeros(3).multiply(zeros(2, 3)), "(3)", "(2, 3)");
        requireRefused(() -> zeros(2, 3).reshape(7), "(2, 3)", "(7)");
        requireRefused(() -> SwiGluOp.forward(zeros(2, 3)), "even", "(2, 3)");
        requireRefused(() -> ScaleChannelsOp.forward(zeros(3, 5), zeros(2, 5)), "(2, 5)", "(3, 5)");
        requireRefused(() -> ScaleChannelsOp.forward(zeros(4, 5), zeros(2, 4)), "(2, 4)", "(4, 5)");
    }

    @Test
    void token_ops() {
        requireRefused(() -> zeros(2, 7, 3).tokens(3, 8), "3 to 8", "(2, 7, 3)");
        requireRefused(() -> zeros(2, 7, 3).tokens(3, 3), "3 to 3");
        requireRefused(() -> MeanTokensOp.forward(zeros(2, 7), 0, 1), "(B, N, D)", "(2, 7)");
        requireRefused(() -> ConcatTokensOp.forward(List.of(zeros(2, 1, 3), zeros(3, 1, 3))), "(2, 1, 3)");
        requireRefused(() -> ConcatTokensOp.forward(List.of(zeros(2, 1, 3), zeros(2, 1, 4))), "(2, 1, 4)");
        requireRefused(() -> PatchifyOp.forward(zeros(1, 3, 28, 30), 14), "14", "(1, 3, 28, 30)");
        requireRefused(() -> PatchifyOp.forward(zeros(3, 28, 28), 14), "(3, 28, 28)");
    }

    @Test
    void attention_norm_and_losses() {
        requireRefused(() -> AttentionOp.forward(zeros(2, 5, 18), 4), "(2, 5, 18)", "4 heads");
        requireRefused(() -> AttentionOp.forward(zeros(2, 5, 16), 2), "(2, 5, 16)");
        requireRefused(() -> LayerNormOp.forward(zeros(2, 5), zeros(4), zeros(5), 1e-6f), "weight", "(4)", "(5)");
        requireRefused(() -> CosineOp.forward(zeros(2, 5), zeros(2, 4)), "(2, 5)", "(2, 4)");
        requireRefused(() -> CrossEntropyOp.forward(zeros(2, 5), zeros(3), 0), "labels", "(2)", "(3)");
        requireRefused(() -> TokenMseOp.forward(zeros(1, 4, 3), zeros(1, 5, 3), List.of()), "(1, 4, 3)", "(1, 5, 3)");
        requireRefused(
                () -> TokenMseOp.forward(zeros(1, 4, 3), zeros(1, 4, 3), List.of(new TokenSpan("patches", 1, 5, 1))),
                "patches");
    }

    @Test
    void a_trained_target_is_refused() {
        assertThatThrownBy(
                        () -> TokenMseOp.forward(zeros(1, 4, 3), zeros(1, 4, 3).tracked(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("detach");
    }

    private Tensor zeros(int... dims) {
        return backend.zeros(Shape.of(dims));
    }

    private static void requireRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(ShapeException.class).hasMessageContainingAll(parts);
    }
}
