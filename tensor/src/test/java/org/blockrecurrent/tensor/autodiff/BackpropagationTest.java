package org.blockrecurrent.tensor.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.op.LayerNormOp;
import org.blockrecurrent.tensor.op.LinearActivationOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackpropagationTest {
    private final ReferenceBackend backend = new ReferenceBackend();
    private Scope step;

    @BeforeEach
    void openStep() {
        step = backend.openScope();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void a_tied_weight_has_one_gradient_that_all_its_uses_add_to() {
        Tensor weight = vector(3).tracked();
        Tensor x = vector(1);
        for (int layer = 0; layer < 4; layer++) {
            x = x.multiply(weight);
        }
        Gradients gradients = Backpropagation.from(x.sum());
        assertThat(gradients.of(weight).toDoubles()).containsExactly(4 * 27);
    }

    @Test
    void a_gradient_buffer_is_made_once_for_a_weight_that_is_used_many_times() {
        int uses = 50;
        Tensor weight = backend.zeros(Shape.of(100, 100)).tracked();
        Tensor x = backend.zeros(Shape.of(1, 100));
        for (int layer = 0; layer < uses; layer++) {
            x = LinearOp.forward(x, weight, null);
        }
        long forwardBytes = backend.peakBytes();
        Backpropagation.from(x.sum());
        long weightBytes = (long) Double.BYTES * weight.size();
        assertThat(backend.peakBytes() - forwardBytes).isLessThan(2 * weightBytes);
    }

    @Test
    void branches_that_meet_again_add_their_gradients() {
        Tensor x = vector(2, 5).tracked();
        Tensor shared = x.scale(3);
        Tensor left = shared.multiply(shared);
        Tensor right = shared.scale(7);
        Gradients gradients = Backpropagation.from(left.add(right).add(shared).sum());
        assertThat(gradients.of(x).toDoubles()).containsExactly(2 * 9 * 2 + 21 + 3, 2 * 9 * 5 + 21 + 3);
    }

    @Test
    void an_op_on_the_same_tensor_twice_has_both_derivatives() {
        Tensor x = vector(2, 5).tracked();
        assertThat(Backpropagation.from(x.add(x).sum()).of(x).toDoubles()).containsExactly(2, 2);
        assertThat(Backpropagation.from(x.multiply(x).sum()).of(x).toDoubles()).containsExactly(4, 10);
    }

    @Test
    void ten_thousand_layers_do_not_overflow_the_stack() {
        Tensor x = vector(1).tracked();
        Tensor y = x;
        for (int layer = 0; layer < 10_000; layer++) {
            y = y.scale(-1);
        }
        assertThat(Backpropagation.from(y.sum()).of(x).toDoubles()).containsExactly(1);
    }

    @Test
    void a_ladder_of_ten_thousand_diamonds_is_walked_once() {
        Tensor x = vector(1).tracked();
        Tensor y = x;
        for (int rung = 0; rung < 10_000; rung++) {
            y = y.add(y.scale(-0.5f)).add(y.scale(0.5f));
        }
        assertThat(Backpropagation.from(y.sum()).of(x).toDoubles()).containsExactly(1);
    }

    @Test
    void a_frozen_model_records_nothing() {
        Tensor x = backend.zeros(Shape.of(2, 3, 12));
        Tensor weight = backend.zeros(Shape.of(12, 12));
        Tensor channels = backend.zeros(Shape.of(12));
        int before = step.liveStorages();
        Tensor normed = LayerNormOp.forward(x, channels, channels, 1e-6f);
        Tensor hidden = LinearActivationOp.forward(normed, weight, channels, Activation.GELU);
        Tensor attended = AttentionOp.forward(hidden, 2);
        assertThat(List.of(normed, hidden, attended)).allMatch(y -> y.op() == null && !y.requiresGradient());
        assertThat(step.liveStorages() - before)
                .as("only the three outputs are alive")
                .isEqualTo(3);
    }

    @Test
    void gradients_stop_at_a_detached_value() {
        Tensor x = vector(2).tracked();
        Tensor y = x.scale(3);
        Gradients gradients = Backpropagation.from(y.multiply(y.detach()).sum());
        assertThat(gradients.of(x).toDoubles()).containsExactly(3 * 6);
    }

    @Test
    void a_detached_value_outlives_the_sweep_through_the_op_that_made_it() {
        Tensor x = backend.tensor(Shape.of(1, 1, 2), 1, 2).tracked();
        Tensor target = x.scale(2);
        Tensor constant = target.detach();
        Tensor error = TokenMseOp.forward(x, constant, List.of(new TokenSpan("all", 0, 1, 1)));
        Gradients gradients = Backpropagation.from(error.add(target.sum()));
        assertThat(constant.toDoubles()).containsExactly(2, 4);
        assertThat(gradients.of(x).toDoubles()).containsExactly(2 - 1, 2 - 2);
    }

    @Test
    void values_are_released_as_soon_as_they_are_consumed() {
        Tensor x = vector(1, 2).tracked();
        Tensor hidden = x.scale(2);
        Tensor y = ActivationOp.gelu(hidden);
        Tensor loss = y.sum();
        Backpropagation.from(loss);
        assertThat(hidden.isReleased()).isTrue();
        assertThat(y.isReleased()).isTrue();
        assertThat(x.isReleased()).isFalse();
        assertThat(loss.isReleased()).isFalse();
    }

    @Test
    void a_kept_value_outlives_the_sweep() {
        try (Scope inner = backend.openScope()) {
            Tensor x = vector(1, 2).tracked();
            Tensor hidden = inner.keep(x.scale(2));
            Backpropagation.from(hidden.scale(3).sum());
            assertThat(hidden.toDoubles()).containsExactly(2, 4);
        }
    }

    @Test
    void values_of_an_outer_scope_are_left_alone() {
        Tensor outer = vector(1, 2).tracked().scale(2);
        try (Scope inner = backend.openScope()) {
            Backpropagation.from(outer.scale(3).sum());
        }
        assertThat(outer.toDoubles()).containsExactly(2, 4);
    }

    @Test
    void a_reshape_shares_memory_and_passes_its_gradient_on() {
        Tensor x = backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6).tracked();
        Tensor reshaped = x.reshape(3, 2);
        assertThat(reshaped.storage()).isSameAs(x.storage());
        Tensor cotangent = backend.tensor(Shape.of(3, 2), 1, 2, 3, 4, 5, 6);
        Tensor dx = Backpropagation.from(reshaped, cotangent).of(x);
        assertThat(dx.shape()).isEqualTo(x.shape());
        assertThat(dx.toDoubles()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(x.isReleased()).isFalse();
    }

    @Test
    void a_value_and_its_reshape_may_both_be_used() {
        Tensor x = backend.tensor(Shape.of(2, 2), 1, 2, 3, 4).tracked();
        Tensor hidden = x.scale(2);
        Tensor y = hidden.multiply(hidden).add(hidden.reshape(4).scale(5).reshape(2, 2));
        assertThat(Backpropagation.from(y.sum()).of(x).toDoubles()).containsExactly(8 + 10, 16 + 10, 24 + 10, 32 + 10);
    }

    @Test
    void a_leaf_that_the_loss_does_not_depend_on_has_no_gradient() {
        Tensor used = vector(1).tracked();
        Tensor unused = vector(1).tracked();
        Gradients gradients = Backpropagation.from(used.scale(2).sum());
        assertThat(gradients.of(unused)).isNull();
        assertThat(gradients.of(new Parameter("unused", unused, true))).isNull();
    }

    @Test
    void a_parameter_finds_its_gradient() {
        Parameter parameter = new Parameter("weight", vector(2, 3), true);
        Gradients gradients = Backpropagation.from(parameter.value().scale(4).sum());
        assertThat(gradients.of(parameter).toDoubles()).containsExactly(4, 4);
    }

    @Test
    void a_tracked_loss_is_its_own_derivative() {
        Tensor loss = backend.tensor(Shape.of(), 3).tracked();
        assertThat(Backpropagation.from(loss).of(loss).toDoubles()).containsExactly(1);
    }

    @Test
    void starting_points_that_make_no_sense_are_refused() {
        Tensor x = vector(1, 2).tracked();
        assertThatThrownBy(() -> Backpropagation.from(x.scale(2)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(2)");
        assertThatThrownBy(() -> Backpropagation.from(x.scale(2), vector(1, 2, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(2)")
                .hasMessageContaining("(3)");
        assertThatThrownBy(() -> Backpropagation.from(vector(1).sum()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trainable");
    }

    private Tensor vector(float... values) {
        return backend.tensor(Shape.of(values.length), values);
    }
}
