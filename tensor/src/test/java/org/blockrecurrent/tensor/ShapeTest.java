package org.blockrecurrent.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void rows_are_all_axes_but_the_last() {
        Shape shape = Shape.of(2, 261, 384);
        assertThat(shape.rank()).isEqualTo(3);
        assertThat(shape.size()).isEqualTo(2 * 261 * 384);
        assertThat(shape.last()).isEqualTo(384);
        assertThat(shape.rows()).isEqualTo(522);
        assertThat(shape.dim(1)).isEqualTo(261);
        assertThat(shape.dim(-1)).isEqualTo(384);
        assertThat(shape.withLast(5)).isEqualTo(Shape.of(2, 261, 5));
        assertThat(shape).hasToString("(2, 261, 384)");
    }

    @Test
    void a_scalar_is_one_row_of_one() {
        Shape scalar = Shape.of();
        assertThat(scalar.size()).isEqualTo(1);
        assertThat(scalar.last()).isEqualTo(1);
        assertThat(scalar.rows()).isEqualTo(1);
        assertThat(scalar).hasToString("()");
    }

    @Test
    void an_empty_batch_has_no_rows() {
        assertThat(Shape.of(0, 5).rows()).isZero();
        assertThat(Shape.of(5, 0).rows()).isZero();
    }

    @Test
    void the_end_of_a_shape_can_be_broadcast_over_its_beginning() {
        Shape shape = Shape.of(2, 3, 5);
        assertThat(shape.endsWith(Shape.of())).isTrue();
        assertThat(shape.endsWith(Shape.of(5))).isTrue();
        assertThat(shape.endsWith(Shape.of(3, 5))).isTrue();
        assertThat(shape.endsWith(shape)).isTrue();
        assertThat(shape.endsWith(Shape.of(3))).isFalse();
        assertThat(shape.endsWith(Shape.of(1, 2, 3, 5))).isFalse();
    }

    @Test
    void equal_extents_make_equal_shapes() {
        assertThat(Shape.of(2, 3))
                .isEqualTo(Shape.of(2, 3))
                .hasSameHashCodeAs(Shape.of(2, 3))
                .isNotEqualTo(Shape.of(3, 2));
    }

    @Test
    void extents_cannot_be_changed_from_outside() {
        int[] dims = {2, 3};
        Shape shape = Shape.of(dims);
        dims[0] = 7;
        shape.dims()[1] = 7;
        assertThat(shape).isEqualTo(Shape.of(2, 3));
    }

    @Test
    void impossible_extents_are_refused_with_the_shape() {
        assertThatThrownBy(() -> Shape.of(2, -1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(2, -1)");
        assertThatThrownBy(() -> Shape.of(70_000, 70_000))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("(70000, 70000)")
                .hasMessageContaining("split the batch");
    }
}
