package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.MatmulOp;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.Test;

/** Run in a JVM of its own that was started without {@code --add-modules jdk.incubator.vector}, as most are. */
class NoVectorModuleJvmTest {
    @Test
    void the_module_is_not_there() {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isEmpty();
    }

    @Test
    void the_backend_opens_in_plain_loops_and_says_why() {
        try (VectorBackend backend = VectorBackend.open(2)) {
            VectorDiagnostics diagnostics = backend.diagnostics();
            assertThat(diagnostics.isVectorised()).isFalse();
            assertThat(diagnostics.reason()).contains("jdk.incubator.vector");
            assertThat(diagnostics.gigaflopsPerThread()).isPositive();
        }
    }

    @Test
    void it_computes_the_bits_of_the_plain_loops() {
        try (Backend fallback = VectorBackend.open(2);
                Backend plain = VectorBackend.open(2, true)) {
            assertThat(product(fallback)).containsExactly(product(plain));
        }
    }

    private static float[] product(Backend backend) {
        Tensor a = drawn(backend, "a", 17, 33);
        Tensor b = drawn(backend, "b", 33, 19);
        return ActivationOp.gelu(MatmulOp.forward(a, b, MatmulKernels.Layout.NN))
                .toArray();
    }

    private static Tensor drawn(Backend backend, String name, int rows, int columns) {
        Philox random = Philox.stream(7, name);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.normal(i);
        }
        return backend.tensor(Shape.of(rows, columns), values);
    }
}
