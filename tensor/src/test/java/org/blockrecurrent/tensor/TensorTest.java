package org.blockrecurrent.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private final ReferenceBackend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void methods_compute_what_they_say() {
        Tensor x = backend.tensor(Shape.of(2, 2), 1, 2, 3, 4);
        Tensor row = backend.tensor(Shape.of(2), 10, 20);
        assertThat(x.add(row).toArray()).containsExactly(11, 22, 13, 24);
        assertThat(x.multiply(row).toArray()).containsExactly(10, 40, 30, 80);
        assertThat(x.scale(0.5f).toArray()).containsExactly(0.5f, 1, 1.5f, 2);
        assertThat(x.reshape(4).shape()).isEqualTo(Shape.of(4));
        assertThat(x.reshape(1, 2, 2).tokens(1, 2).toArray()).containsExactly(3, 4);
        assertThat(x.sum().item()).isEqualTo(10);
        assertThat(x.mean().item()).isEqualTo(2.5);
    }

    @Test
    void doubles_come_back_unrounded() {
        Tensor third = backend.tensor(Shape.of(), 1).scale(0.1f).multiply(backend.tensor(Shape.of(), 3));
        assertThat(third.item()).isEqualTo(0.1 * 3);
        assertThat(third.toArray()[0]).isEqualTo(0.3f);
    }

    @Test
    void only_what_depends_on_a_tracked_leaf_is_recorded() {
        Tensor x = backend.tensor(Shape.of(2), 1, 2);
        assertThat(x.scale(2).op()).isNull();
        Tensor tracked = x.tracked();
        assertThat(tracked.requiresGradient()).isTrue();
        assertThat(tracked.op()).isNull();
        assertThat(tracked.scale(2).op()).isNotNull();
        assertThat(tracked.scale(2).detach().requiresGradient()).isFalse();
        assertThat(x.requiresGradient()).as("tracked() made another handle").isFalse();
    }

    @Test
    void a_wrong_shape_is_shown_beside_the_right_one() {
        Tensor x = backend.zeros(Shape.of(2, 3));
        assertThat(x.require("x", 2, 3)).isSameAs(x);
        assertThatThrownBy(() -> x.require("tokens", 2, 4))
                .isInstanceOf(ShapeException.class)
                .hasMessage("tokens: expected (2, 4), got (2, 3)");
        assertThatThrownBy(() -> x.requireRank("tokens", 3, "(B, N, D)"))
                .isInstanceOf(ShapeException.class)
                .hasMessage("tokens: expected (B, N, D), got (2, 3)");
        assertThatThrownBy(x::item).isInstanceOf(ShapeException.class).hasMessageContaining("(2, 3)");
        assertThatThrownBy(() -> backend.tensor(Shape.of(2, 3), 1, 2))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("6 values, got 2");
    }

    @Test
    void describes_itself() {
        Tensor x = backend.zeros(Shape.of(2, 3)).tracked();
        assertThat(x).hasToString("Tensor(2, 3) on reference");
        assertThat(x.scale(2)).hasToString("Tensor(2, 3) on reference by ScaleOp");
    }
}
