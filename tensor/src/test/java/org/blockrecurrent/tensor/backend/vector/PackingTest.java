package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.Panels.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PackingTest {
    private final VectorBackend backend = VectorBackend.open(2);

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void a_parameter_is_packed_once_for_all_its_uses() {
        Tensor weight = backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        Panels first = null;
        for (int use = 0; use < 3; use++) {
            try (Scope step = backend.openScope()) {
                product(weight);
                Panels packed = storage(weight).packed(Form.TRANSPOSED);
                assertThat(packed).isNotNull();
                assertThat(first == null || packed == first).isTrue();
                first = packed;
            }
        }
    }

    @Test
    void a_parameter_that_was_written_is_packed_anew() {
        Tensor weight = backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        try (Scope step = backend.openScope()) {
            assertThat(product(weight)).containsExactly(6, 15);
        }
        backend.write(weight.storage(), new float[] {1, 1, 1, 2, 2, 2});
        assertThat(storage(weight).packed(Form.TRANSPOSED)).isNull();
        try (Scope step = backend.openScope()) {
            assertThat(product(weight)).containsExactly(3, 6);
        }
    }

    @Test
    void an_activation_keeps_no_packed_copy() {
        try (Scope step = backend.openScope()) {
            Tensor weight = backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
            assertThat(product(weight)).containsExactly(6, 15);
            assertThat(storage(weight).packed(Form.TRANSPOSED)).isNull();
        }
    }

    private float[] product(Tensor weight) {
        Tensor x = backend.tensor(Shape.of(1, 3), 1, 1, 1);
        Tensor y = backend.empty(1, 2);
        backend.matmul().linear(y, x, weight, null);
        return y.toArray();
    }

    private static HeapStorage storage(Tensor tensor) {
        return (HeapStorage) tensor.storage();
    }
}
