package org.blockrecurrent.tensor.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;

/** The tests' own tools must be able to fail. */
class TestKitTest {
    /** {@code y = x + x}, with a derivative that forgets one of the two. */
    private record ForgetfulOp(Tensor x) implements Op {
        static Tensor forward(Tensor x) {
            Tensor y = x.backend().empty(x.shape());
            x.backend().elementwise().add(y, x, x);
            return y.recordedBy(new ForgetfulOp(x));
        }

        @Override
        public List<Tensor> inputs() {
            return List.of(x);
        }

        @Override
        public void backward(Tensor dy, GradientSink gradients) {
            gradients.give(x, dy);
        }
    }

    @Test
    void the_gradient_check_finds_a_wrong_derivative() {
        OpCase wrong = new OpCase(
                "forgetful",
                List.of(Input.normal("x", 3)),
                Shape.of(3),
                leaves -> ForgetfulOp.forward(leaves.get(0)),
                3,
                Tolerance.sameAlgorithm());
        assertThatThrownBy(() -> GradientCheck.require(wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("absolute error")
                .hasMessageContaining("relative 0.5");
    }

    @Test
    void parity_lets_float_rounding_pass_and_little_more() {
        OpCase opCase = MatmulCases.linear(7, 19, 23);
        Parity parity = Parity.of(opCase);
        try (ReferenceBackend reference = new ReferenceBackend()) {
            OpRun exact = OpRun.of(opCase, reference, Drawn.of(opCase));
            double[] y = exact.get("y");
            for (int i = 0; i < y.length; i++) {
                y[i] = (float) y[i];
            }
            assertThatCode(() -> parity.require(opCase.tolerance(), exact)).doesNotThrowAnyException();
            y[5] += 1e-5;
            assertThatThrownBy(() -> parity.require(opCase.tolerance(), exact))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("linear 7x19x23, y: element 5");
        }
    }

    @Test
    void a_failure_shows_absolute_and_relative_error_and_what_was_allowed() {
        assertThatThrownBy(
                        () -> Tolerance.sameAlgorithm().require("y", new double[] {1, 2.5}, new double[] {1, 2}, 1e-8))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("element 1 is 2.5", "absolute error 0.5", "relative 0.25", "same algorithm");
    }

    @Test
    void nan_is_never_close_enough() {
        double[] want = {1, 2};
        assertThatThrownBy(() -> Tolerance.sameAlgorithm().require("y", new double[] {1, Double.NaN}, want, 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("element 1");
    }

    @Test
    void no_two_cases_share_a_label_and_so_their_values() {
        Set<String> labels = new HashSet<>();
        for (OpCase opCase : OpCases.all()) {
            assertThat(labels.add(opCase.label())).as(opCase.label()).isTrue();
            assertThat(opCase.bytes()).isPositive();
        }
    }

    @Test
    void most_cases_are_small_enough_for_an_emulated_device() {
        long emulatorFlops = 5_000_000;
        List<OpCase> all = OpCases.all();
        long small =
                all.stream().filter(opCase -> opCase.flops() <= emulatorFlops).count();
        assertThat(small).isGreaterThan(all.size() * 9L / 10);
    }
}
