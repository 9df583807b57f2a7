package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.vector.Panels.Form;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Rows and columns with and without a remainder to the panels. */
    @ParameterizedTest
    @CsvSource({"64, 32", "6, 5", "70, 33", "2, 700", "128, 1"})
    void a_frozen_weight_is_held_packed_only_and_reads_as_before(int N, int K) {
        for (Form form : Form.values()) {
            float[] values = counting(N * K);
            Tensor weight = frozen(Shape.of(N, K), values);
            use(weight, form);
            boolean readInPlace = storage(weight).packed(form) == null;
            assertThat(storage(weight).holdsPlainValues()).isEqualTo(readInPlace);
            assertThat(weight.toArray()).as("%s", form).isEqualTo(values);
            assertThat(storage(weight).holdsPlainValues()).isEqualTo(readInPlace);
            assertThat(HeapStorage.read(weight)).as("%s", form).isEqualTo(values);
        }
    }

    @Test
    void a_frozen_weight_that_is_written_after_all_takes_the_new_values() {
        Tensor weight = frozen(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});
        assertThat(product(weight)).containsExactly(6, 15);
        backend.write(weight.storage(), new float[] {1, 1, 1, 2, 2, 2});
        assertThat(product(weight)).containsExactly(3, 6);
    }

    @Test
    void frozen_weights_are_packed_into_the_memory_of_those_before_them() {
        Tensor[] weights = new Tensor[10];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = frozen(Shape.of(128, 64), counting(128 * 64));
        }
        use(weights[0], Form.TRANSPOSED);
        long afterTheFirst = backend.freshArrays();
        for (Tensor weight : weights) {
            use(weight, Form.TRANSPOSED);
        }
        assertThat(backend.freshArrays()).isEqualTo(afterTheFirst);
        for (Tensor weight : weights) {
            assertThat(storage(weight).holdsPlainValues()).isFalse();
        }
    }

    private Tensor frozen(Shape shape, float[] values) {
        return new Parameter("weight", backend.tensor(shape, values), false).value();
    }

    private static float[] counting(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    /** One product in which the weight (N, K) is packed in that form. */
    private void use(Tensor weight, Form form) {
        int N = weight.dim(0);
        int K = weight.dim(1);
        try (Scope step = backend.openScope()) {
            switch (form) {
                case TRANSPOSED ->
                    backend.matmul().linear(backend.empty(3, N), backend.zeros(Shape.of(3, K)), weight, null);
                case TRANSPOSED_HALVES ->
                    backend.matmul()
                            .linearSwiGlu(backend.empty(3, N / 2), null, backend.zeros(Shape.of(3, K)), weight, null);
                case PLAIN ->
                    backend.matmul()
                            .matmul(
                                    new Into(backend.empty(3, K), false),
                                    backend.zeros(Shape.of(3, N)),
                                    weight,
                                    MatmulKernels.Layout.NN);
            }
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
