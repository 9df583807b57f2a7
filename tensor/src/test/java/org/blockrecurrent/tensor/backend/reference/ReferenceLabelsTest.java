package org.blockrecurrent.tensor.backend.reference;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceLabelsTest {
    @ParameterizedTest(name = "label {0}")
    @ValueSource(floats = {-1, 5, 2.5f, Float.NaN, Float.POSITIVE_INFINITY, 1e20f})
    void a_label_that_is_no_class_is_refused_with_its_row(float label) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            Tensor logits = backend.zeros(Shape.of(3, 5));
            Tensor labels = backend.tensor(Shape.of(3), 4, label, 0);
            assertThatThrownBy(() -> CrossEntropyOp.forward(logits, labels, 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("row 1")
                    .hasMessageContaining("0 … 4");
        }
    }
}
