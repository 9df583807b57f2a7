package org.blockrecurrent.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final ReferenceBackend backend = new ReferenceBackend();

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void what_is_allocated_inside_goes_when_the_scope_closes() {
        Tensor x;
        try (Scope scope = backend.openScope()) {
            x = backend.zeros(Shape.of(3));
            assertThat(scope.liveStorages()).isEqualTo(1);
        }
        assertThat(x.isReleased()).isTrue();
        assertThatThrownBy(x::storage)
                .isInstanceOf(ReleasedTensorException.class)
                .hasMessageContaining("3 elements")
                .hasMessageContaining("keep");
    }

    @Test
    void what_was_allocated_before_stays() {
        Tensor x = backend.zeros(Shape.of(3));
        backend.openScope().close();
        assertThat(x.isReleased()).isFalse();
    }

    @Test
    void a_kept_tensor_lives_as_long_as_the_enclosing_scope() {
        Tensor kept;
        try (Scope outer = backend.openScope()) {
            try (Scope inner = backend.openScope()) {
                kept = inner.keep(backend.zeros(Shape.of(3)));
                assertThat(inner.liveStorages()).isZero();
            }
            assertThat(kept.isReleased()).isFalse();
            assertThat(outer.liveStorages()).isEqualTo(1);
        }
        assertThat(kept.isReleased()).isTrue();
    }

    @Test
    void keeping_what_belongs_to_an_outer_scope_changes_nothing() {
        try (Scope outer = backend.openScope()) {
            Tensor x = backend.zeros(Shape.of(3));
            try (Scope inner = backend.openScope()) {
                assertThat(inner.keep(x)).isSameAs(x);
            }
            assertThat(x.isReleased()).isFalse();
            assertThat(outer.liveStorages()).isEqualTo(1);
        }
    }

    @Test
    void shared_memory_goes_with_its_last_reference() {
        try (Scope scope = backend.openScope()) {
            Tensor x = backend.tensor(Shape.of(2), 1, 2);
            Tensor shared = x.reshape(2, 1);
            shared.storage().release();
            assertThat(x.toArray()).containsExactly(1, 2);
            x.storage().release();
            assertThat(x.isReleased()).isTrue();
            assertThat(scope.liveStorages()).isZero();
        }
    }

    @Test
    void shared_memory_goes_with_its_scope_whatever_the_count() {
        Tensor x;
        try (Scope scope = backend.openScope()) {
            x = backend.zeros(Shape.of(2));
            x.reshape(2, 1);
        }
        assertThat(x.isReleased()).isTrue();
    }

    @Test
    void scopes_close_in_reverse_order() {
        Scope outer = backend.openScope();
        Scope inner = backend.openScope();
        assertThatThrownBy(outer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("reverse order");
        inner.close();
        outer.close();
    }

    @Test
    void closing_twice_does_nothing() {
        Scope scope = backend.openScope();
        scope.close();
        scope.close();
        assertThat(backend.zeros(Shape.of(1)).toArray()).containsExactly(0);
    }

    @Test
    void closing_the_backend_closes_every_scope_and_frees_everything() {
        Tensor parameter = backend.zeros(Shape.of(2));
        backend.openScope();
        backend.openScope();
        Tensor x = backend.zeros(Shape.of(2));
        backend.close();
        assertThat(parameter.isReleased()).isTrue();
        assertThat(x.isReleased()).isTrue();
    }

    @Test
    void peak_memory_counts_what_was_alive_at_one_time() {
        for (int step = 0; step < 3; step++) {
            try (Scope scope = backend.openScope()) {
                backend.zeros(Shape.of(100));
                backend.zeros(Shape.of(50));
            }
        }
        assertThat(backend.peakBytes()).isEqualTo(150L * Double.BYTES);
    }
}
