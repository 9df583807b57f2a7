package org.blockrecurrent.tensor.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.ReleasedTensorException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.testkit.OpCases.FusedPair;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must hold of every backend. A backend's test extends this class and says how to open it; its optimizer is held to
 * {@link OptimizerContract}, its golden values to {@link OpGoldens}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class BackendContract {
    private static final String ALL = "org.blockrecurrent.tensor.testkit.OpCases#all";
    private static final String SMALL = "org.blockrecurrent.tensor.testkit.OpCases#small";
    private static final String RAGGED = "org.blockrecurrent.tensor.testkit.OpCases#ragged";

    private Backend backend;

    /** A fresh backend; opened once for all tests of the class, which close it. */
    protected abstract Backend backend();

    /** Cases of more work than this wait for faster hardware, and are counted as skipped. */
    protected long mostFlops() {
        return Long.MAX_VALUE;
    }

    @BeforeAll
    void open() {
        backend = backend();
    }

    @AfterAll
    void close() {
        if (backend != null) {
            backend.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void agrees_with_the_reference_forward_and_backward(OpCase opCase) {
        skipIfTooLarge(opCase);
        Parity.of(opCase).require(backend);
    }

    @Test
    void attention_over_8192_tokens_agrees_with_its_formula() {
        skipIfTooLarge(LongAttention.CASE);
        LongAttention.require(backend);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(SMALL)
    void adds_up_the_gradients_of_a_leaf_that_is_used_twice(OpCase opCase) {
        skipIfTooLarge(opCase.twice());
        Parity.of(opCase.twice()).require(backend);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#fusedPairs")
    void a_fused_op_equals_its_unfused_composition(FusedPair pair) {
        skipIfTooLarge(pair.fused());
        Drawn drawn = Drawn.of(pair.fused());
        OpRun fused = OpRun.of(pair.fused(), backend, drawn);
        OpRun unfused = OpRun.of(pair.composition(), backend, drawn);
        Parity parity = Parity.of(pair.composition());
        Tolerance tolerance = pair.fused().tolerance().doubled();
        for (String name : unfused.results().keySet()) {
            tolerance.require(pair + ", " + name, fused.get(name), unfused.get(name), parity.noise(name));
        }
    }

    /** The run in between leaves NaN in every buffer that the next one gets from the pool. */
    @ParameterizedTest(name = "{0}")
    @MethodSource(ALL)
    void repeats_bit_for_bit_whatever_the_pool_holds(OpCase opCase) {
        skipIfTooLarge(opCase);
        Drawn drawn = Drawn.of(opCase);
        OpRun first = OpRun.of(opCase, backend, drawn);
        OpRun.of(opCase, backend, drawn.poisoned());
        OpRun second = OpRun.of(opCase, backend, drawn);
        first.results()
                .forEach((name, values) -> assertThat(second.get(name)).as(name).isEqualTo(values));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({SMALL, RAGGED})
    void a_nan_comes_out_wherever_it_must_and_nowhere_else(OpCase opCase) {
        skipIfTooLarge(opCase);
        Fault.of(opCase, Double.NaN).forEach(fault -> fault.requireSame(backend, Double::isNaN));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({SMALL, RAGGED})
    void an_infinity_is_not_lost_and_does_not_spread(OpCase opCase) {
        skipIfTooLarge(opCase);
        Fault.of(opCase, Double.POSITIVE_INFINITY).forEach(fault -> fault.requireSame(backend, Double::isFinite));
        Fault.of(opCase, Double.NEGATIVE_INFINITY).forEach(fault -> fault.requireSame(backend, Double::isFinite));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#subnormal")
    void subnormal_values_are_computed_and_not_flushed_to_zero(OpCase opCase) {
        Drawn drawn = SubnormalCases.drawn(opCase);
        try (ReferenceBackend reference = new ReferenceBackend()) {
            OpRun got = OpRun.of(opCase, backend, drawn);
            OpRun.of(opCase, reference, drawn)
                    .results()
                    .forEach((name, values) ->
                            assertThat(withoutMinusZero(got.get(name))).as(name).isEqualTo(withoutMinusZero(values)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.blockrecurrent.tensor.testkit.OpCases#emptyBatches")
    void a_batch_without_an_image_is_computed_or_refused(OpCase opCase) {
        Drawn drawn = Drawn.of(opCase);
        try (ReferenceBackend reference = new ReferenceBackend()) {
            OpRun expected = OpRun.of(opCase, reference, drawn);
            OpRun got = OpRun.of(opCase, backend, drawn);
            expected.results()
                    .forEach(
                            (name, values) -> assertThat(got.get(name)).as(name).isEqualTo(values));
        } catch (InvalidInputException refused) {
            assertThatThrownBy(() -> OpRun.of(opCase, backend, drawn)).isInstanceOf(InvalidInputException.class);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(SMALL)
    void backpropagation_gives_back_all_but_inputs_output_and_gradients(OpCase opCase) {
        skipIfTooLarge(opCase);
        Drawn drawn = Drawn.of(opCase);
        int withoutGraph;
        try (Scope frozen = backend.openScope()) {
            opCase.op().apply(OpRun.leaves(opCase.frozen(), backend, drawn));
            withoutGraph = frozen.liveStorages();
        }
        try (Scope step = backend.openScope()) {
            List<Tensor> leaves = OpRun.leaves(opCase, backend, drawn);
            Tensor y = opCase.op().apply(leaves);
            Gradients gradients = Backpropagation.from(y, OpRun.upload(backend, y.shape(), drawn.cotangent()));
            long wanted =
                    leaves.stream().filter(leaf -> gradients.of(leaf) != null).count();
            assertThat(step.liveStorages()).isLessThanOrEqualTo(withoutGraph + (int) wanted);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(SMALL)
    void a_second_step_needs_no_more_memory_than_the_first(OpCase opCase) {
        skipIfTooLarge(opCase);
        Drawn drawn = Drawn.of(opCase);
        try (Scope outer = backend.openScope()) {
            OpRun.of(opCase, backend, drawn);
            long peak = backend.peakBytes();
            OpRun.of(opCase, backend, drawn);
            assertThat(backend.peakBytes()).isPositive().isEqualTo(peak);
            assertThat(outer.liveStorages()).isZero();
        }
    }

    /** A device that the host does not wait for cannot refuse it: the loss tells. */
    @ParameterizedTest(name = "label {0}")
    @ValueSource(floats = {-1, 5, 2.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e20f})
    void a_label_that_is_no_class_is_refused_or_makes_the_loss_nan(float label) {
        try (Scope scope = backend.openScope()) {
            Tensor logits = backend.zeros(Shape.of(3, 5));
            Tensor labels = backend.tensor(Shape.of(3), 4, label, 0);
            assertThat(CrossEntropyOp.forward(logits, labels, 0.1f).item()).isNaN();
        } catch (InvalidInputException refused) {
            assertThat(refused).hasMessageContaining("row 1").hasMessageContaining("0 … 4");
        }
    }

    @Test
    void values_come_back_as_they_were_written() {
        try (Scope scope = backend.openScope()) {
            float[] values = {0, -0f, 1.5f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
            Tensor x = backend.tensor(Shape.of(7), values);
            Tensor copy = backend.empty(7);
            backend.copy(copy.storage(), x.storage());
            assertThat(x.toArray()).isEqualTo(values);
            assertThat(copy.toArray()).isEqualTo(values);
            assertThat(copy.toDoubles()[3]).isEqualTo(Float.MIN_VALUE);
            backend.fill(copy.storage(), 2.5f);
            assertThat(copy.toArray()).containsOnly(2.5f);
            assertThat(backend.zeros(Shape.of(3, 5)).toArray()).containsOnly(0f).hasSize(15);
        }
    }

    @Test
    void a_write_counts_as_a_new_version() {
        try (Scope scope = backend.openScope()) {
            Tensor x = backend.tensor(Shape.of(2), 1, 2);
            int before = x.storage().version();
            backend.write(x.storage(), new float[] {3, 4});
            assertThat(x.storage().version()).isGreaterThan(before);
        }
    }

    @Test
    void a_tensor_cannot_be_used_after_its_scope_has_closed() {
        Tensor released;
        Tensor kept;
        try (Scope outer = backend.openScope()) {
            try (Scope inner = backend.openScope()) {
                released = backend.tensor(Shape.of(3), 1, 2, 3);
                kept = inner.keep(backend.tensor(Shape.of(3), 4, 5, 6));
            }
            assertThat(kept.toArray()).containsExactly(4, 5, 6);
            assertThatThrownBy(released::toArray).isInstanceOf(ReleasedTensorException.class);
            assertThatThrownBy(() -> kept.add(released)).isInstanceOf(ReleasedTensorException.class);
        }
        assertThatThrownBy(kept::toArray).isInstanceOf(ReleasedTensorException.class);
    }

    @Test
    void tensors_of_two_backends_do_not_mix() {
        try (ReferenceBackend other = new ReferenceBackend();
                Scope scope = backend.openScope()) {
            Tensor here = backend.zeros(Shape.of(2, 2));
            Tensor there = other.zeros(Shape.of(2, 2));
            assertThatThrownBy(() -> here.add(there))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("two backends");
            assertThatThrownBy(() -> LinearOp.forward(here, there, null)).isInstanceOf(InvalidInputException.class);
            assertThatThrownBy(() -> CosineOp.forward(there, here)).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void says_what_it_is_in_one_line() {
        assertThat(backend.name()).isNotBlank();
        assertThat(backend.description()).isNotBlank().doesNotContain("\n");
    }

    private static float[] withoutMinusZero(double[] values) {
        float[] floats = OpRun.toFloats(values);
        for (int i = 0; i < floats.length; i++) {
            floats[i] += 0f;
        }
        return floats;
    }

    private void skipIfTooLarge(OpCase opCase) {
        boolean fits = opCase.flops() <= mostFlops();
        if (!fits) {
            System.out.println("skipped on " + backend.name() + ": " + opCase + " takes " + opCase.flops()
                    + " flops, more than " + mostFlops());
        }
        Assumptions.assumeTrue(fits, "too large for " + backend.name());
    }
}
