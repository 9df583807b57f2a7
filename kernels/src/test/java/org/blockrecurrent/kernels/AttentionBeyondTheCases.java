package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.testkit.Input;
import org.blockrecurrent.tensor.testkit.OpCase;
import org.blockrecurrent.tensor.testkit.Parity;
import org.blockrecurrent.tensor.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads wider than those of the contract's cases. */
abstract class AttentionBeyondTheCases extends OnEmulatedBackend {
    CudaBackend backend;

    @BeforeEach
    void openBackend() {
        backend = open();
    }

    @AfterEach
    void closeBackend() {
        if (backend != null) {
            backend.close();
        }
    }

    static OpCase attention(int B, int N, int heads, int headDim) {
        return new OpCase(
                "attention B=" + B + " N=" + N + " H=" + heads + " Dh=" + headDim,
                List.of(Input.normal("qkv", B, N, 3 * heads * headDim)),
                Shape.of(B, N, heads * headDim),
                leaves -> AttentionOp.forward(leaves.get(0), heads),
                4L * B * N * N * heads * headDim,
                Tolerance.reduction(Math.max(N, headDim)));
    }

    @ParameterizedTest(name = "{1} tokens, {2} heads of {3} channels")
    @CsvSource({"1, 5, 1, 65", "2, 33, 2, 80", "1, 17, 1, 127", "1, 49, 2, 128"})
    void wide_heads_agree_with_the_reference(int B, int N, int heads, int headDim) {
        Parity.of(attention(B, N, heads, headDim)).require(backend);
        Parity.of(attention(B, N, heads, headDim).twice()).require(backend);
    }

    @Test
    void heads_that_no_kernel_serves_are_refused_with_shape_and_limit_and_the_device_stays_usable() {
        try (Scope scope = backend.openScope()) {
            Tensor qkv = backend.zeros(Shape.of(2, 3, 3 * 129)).tracked();
            assertThatThrownBy(() -> AttentionOp.forward(qkv, 1))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("(2, 3, 387)")
                    .hasMessageContaining("129 channels")
                    .hasMessageContaining("128");
            Tensor y = AttentionOp.forward(backend.zeros(Shape.of(2, 3, 3 * 128)), 1);
            assertThat(y.toArray()).containsOnly(0);
        }
    }

    @Test
    void a_gradient_that_nobody_wants_is_not_computed() {
        Tensor x = backend.zeros(Shape.of(1, 1, 3));
        Tensor y = backend.zeros(Shape.of(1, 1, 1));
        device.resetCalls();
        backend.attention().attentionBackward(null, y, y, x, y, 1);
        assertThat(calls("cuLaunchKernel")).isZero();
    }
}
