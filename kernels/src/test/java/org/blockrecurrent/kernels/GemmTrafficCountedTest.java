package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.kernels.emulator.KernelCounters;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The matrix products move what their tiling must, and not much more. A block of BM × BN results reads BM rows of A and BN
 * columns of B, all of K; with what its epilogue reads and writes that is at least
 *
 * <pre>{@code 4 · (M·K·⌈N/BN⌉ + N·K·⌈M/BM⌉ + M·N + epilogue) bytes,  BM = BN = tile}</pre>
 *
 * <p>of which a bias takes N for each row of tiles, and everything else that has the form of the result its size.
 */
class GemmTrafficCountedTest extends OnEmulatedBackend {
    private static final double MOST_TRAFFIC = 1.3;
    private static final double MOST_CONFLICTS = 0.05;
    private static final int[] WHOLE = {256, 40, 256};
    private static final int[] RAGGED = {250, 37, 251};
    private static final TrafficTable TABLE = new TrafficTable("gemm");

    @Override
    protected EmulatedDevice emulatedDevice() {
        return EmulatedDevice.counted();
    }

    @AfterAll
    static void leave_a_table() throws IOException {
        TABLE.write();
    }

    /**
     * A product by one kernel.
     *
     * @param columns of the product: N, but 2F for SwiGLU
     * @param results floats in the form of the result, read or written
     * @param vectors rows of N floats that each row of tiles reads
     */
    private record Product(
            String kernel, int tile, int M, int K, int columns, long results, int vectors, Tensors shapes, Body body) {
        interface Body {
            void run(CudaMatmul kernels, List<Tensor> tensors);
        }

        /** As if the device had so many multiprocessors, the tile is taken. */
        int multiprocessors() {
            return tile == 128 ? 1 : Integer.MAX_VALUE;
        }

        String name() {
            return kernel + "_" + tile;
        }

        String sizes() {
            return M + "×" + K + "×" + columns;
        }

        long minimum() {
            long down = (M + tile - 1) / tile;
            long across = (columns + tile - 1) / tile;
            return Float.BYTES * (M * K * across + columns * K * down + results + down * vectors * columns);
        }

        @Override
        public String toString() {
            return name() + " " + sizes();
        }
    }

    private record Tensors(List<Shape> shapes) {
        static Tensors of(int[]... shapes) {
            return new Tensors(Stream.of(shapes).map(Shape::of).toList());
        }

        List<Tensor> on(CudaBackend backend) {
            return shapes.stream().map(backend::zeros).toList();
        }
    }

    static List<Product> products() {
        List<Product> products = new ArrayList<>();
        for (int[] size : List.of(WHOLE, RAGGED)) {
            for (int tile : new int[] {128, 64}) {
                products.addAll(products(tile, size[0], size[1], size[2]));
            }
            products.add(gradient(128, size[0], size[1], size[2], 1));
        }
        products.add(gradient(64, 64, 1104, 64, 2));
        products.add(gradient(64, 61, 1100, 63, 2));
        return products;
    }

    private static List<Product> products(int tile, int M, int K, int N) {
        int[] c = {M, N};
        int[] x = {M, K};
        int[] w = {N, K};
        int[] b = {N};
        long size = (long) M * N;
        String any = N % 4 == 0 ? "" : "_any";
        return List.of(
                new Product(
                        "gemm_linear",
                        tile,
                        M,
                        K,
                        N,
                        size,
                        1,
                        Tensors.of(c, x, w, b),
                        (k, t) -> k.linear(t.get(0), t.get(1), t.get(2), t.get(3))),
                new Product(
                        "gemm_linear_gelu",
                        tile,
                        M,
                        K,
                        N,
                        2 * size,
                        1,
                        Tensors.of(c, c, x, w, b),
                        (k, t) ->
                                k.linearActivation(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), Activation.GELU)),
                new Product(
                        "gemm_linear_swiglu",
                        tile,
                        M,
                        K,
                        2 * N,
                        3 * size,
                        1,
                        Tensors.of(c, new int[] {M, 2 * N}, x, new int[] {2 * N, K}, new int[] {2 * N}),
                        (k, t) -> k.linearSwiGlu(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4))),
                new Product(
                        "gemm_linear_residual",
                        tile,
                        M,
                        K,
                        N,
                        3 * size,
                        2,
                        Tensors.of(c, c, c, new int[] {1, N}, x, w, b),
                        (k, t) ->
                                k.linearResidual(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), t.get(5), t.get(6))),
                new Product(
                        "gemm_nn" + any,
                        tile,
                        M,
                        K,
                        N,
                        2 * size,
                        0,
                        Tensors.of(c, x, new int[] {K, N}),
                        (k, t) -> k.matmul(new Into(t.get(0), true), t.get(1), t.get(2), Layout.NN)));
    }

    /** The gradient of a weight: its sizes alone decide on tile and slices, each of which has a result of its own. */
    private static Product gradient(int tile, int M, int K, int N, int slices) {
        String kernel = M % 4 == 0 && N % 4 == 0 ? "gemm_nt" : "gemm_nt_any";
        Tensors tensors = Tensors.of(new int[] {M, N}, new int[] {K, M}, new int[] {K, N});
        return new Product(
                kernel,
                tile,
                M,
                K,
                N,
                (long) slices * M * N,
                0,
                tensors,
                (k, t) -> k.matmul(new Into(t.get(0), false), t.get(1), t.get(2), Layout.NT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void a_product_moves_little_more_than_its_tiling_must(Product product) {
        KernelCounters counted = count(product);
        TABLE.add(product.name(), product.sizes(), counted, product.minimum());
        assertThat(counted.globalBytes()).isBetween(product.minimum(), (long) (MOST_TRAFFIC * product.minimum()));
        assertThat(counted.conflictRate()).isLessThan(MOST_CONFLICTS);
        boolean hasAlignedRows = product.K() % 8 == 0 && product.columns() % 8 == 0;
        if (hasAlignedRows) {
            assertThat(counted.sectorOverhead() * counted.globalBytes() / product.minimum())
                    .isLessThan(MOST_TRAFFIC);
        }
    }

    private KernelCounters count(Product product) {
        try (CudaBackend backend = open();
                Scope scope = backend.openScope()) {
            CudaMatmul kernels = new CudaMatmul(backend.launcher(), product.multiprocessors());
            List<Tensor> tensors = product.shapes().on(backend);
            device.resetCounters();
            product.body().run(kernels, tensors);
            backend.launcher().synchronize();
            return device.counters().of(product.name());
        }
    }
}
