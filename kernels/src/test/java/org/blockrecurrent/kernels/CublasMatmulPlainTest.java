package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.testkit.OpCase;
import org.blockrecurrent.tensor.testkit.OpCases;
import org.blockrecurrent.tensor.testkit.Parity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The products of cuBLAS, by the fake one, and what this backend does behind them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CublasMatmulPlainTest {
    private static final long MOST_FLOPS = 5_000_000;

    private EmulatedDevice device;
    private CudaBackend backend;

    static List<OpCase> products() {
        return OpCases.all().stream()
                .filter(opCase -> opCase.label().matches("(matmul|linear).*"))
                .filter(opCase -> opCase.flops() <= MOST_FLOPS)
                .toList();
    }

    static List<OpCase> emptyProducts() {
        return OpCases.emptyBatches().stream()
                .filter(opCase -> opCase.label().startsWith("linear"))
                .toList();
    }

    @BeforeAll
    void open() throws IOException, InterruptedException {
        device = EmulatedDevice.plain();
        device.reset();
        FakeCublas.use(device);
        backend = CudaBackend.open(List.of(device.library()), Gemm.CUBLAS);
    }

    @AfterAll
    void close() {
        if (backend != null) {
            backend.close();
            assertThat(device.report()).isEmpty();
            device.reset();
        }
    }

    @Test
    void there_are_cases_of_every_kind() {
        assertThat(products())
                .extracting(opCase -> opCase.label().replaceAll(" .*", ""))
                .contains("linear", "linearSwiGlu", "linearResidual");
        assertThat(products()).extracting(OpCase::label).anyMatch(label -> label.startsWith("linear GELU"));
        assertThat(emptyProducts()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void agrees_with_the_reference_forward_and_backward(OpCase opCase) {
        Parity.of(opCase).require(backend);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("emptyProducts")
    void a_batch_without_an_image_is_computed(OpCase opCase) {
        Parity.of(opCase).require(backend);
    }

    @Test
    void a_sum_over_nothing_is_zero_or_what_was_there() {
        try (Scope scope = backend.openScope()) {
            Tensor nothing = backend.zeros(Shape.of(2, 0));
            Tensor c = backend.tensor(Shape.of(2, 2), 1, 2, 3, Float.NaN);
            backend.matmul().matmul(new Into(c, true), nothing, nothing, Layout.TN);
            assertThat(c.toArray()).containsExactly(1, 2, 3, Float.NaN);
            backend.matmul().matmul(new Into(c, false), nothing, nothing, Layout.TN);
            assertThat(c.toArray()).containsOnly(0);
        }
    }

    @Test
    void nothing_that_lay_in_the_result_before_comes_through() {
        try (Scope scope = backend.openScope()) {
            Tensor one = backend.tensor(Shape.of(1, 1), 1);
            Tensor c = backend.tensor(Shape.of(1, 1), Float.NaN);
            backend.matmul().matmul(new Into(c, false), one, one, Layout.NN);
            assertThat(c.toArray()).containsExactly(1);
        }
    }

    @Test
    void says_whose_products_it_uses() {
        assertThat(backend.description()).contains("matrix products by cublas");
        assertThat(backend.gemm()).isEqualTo(Gemm.CUBLAS);
    }
}
