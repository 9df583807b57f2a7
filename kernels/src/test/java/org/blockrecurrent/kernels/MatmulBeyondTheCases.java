package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels.Layout;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.tensor.testkit.Tolerance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the cases of the contract are too small for: large tiles, and sums over so many rows that they are sliced. The
 * former are had by pretending that the device has a single multiprocessor.
 */
abstract class MatmulBeyondTheCases extends OnEmulatedBackend {
    private static final int ONE = 1;
    private static final int COUNTLESS = Integer.MAX_VALUE;
    /** Rounding error of a float. */
    private static final double ROUNDING = 0x1p-24;

    private CudaBackend backend;
    private ReferenceBackend reference;

    @BeforeEach
    void openBackends() {
        backend = open();
        reference = new ReferenceBackend();
    }

    @AfterEach
    void closeBackends() {
        if (backend != null) {
            backend.close();
            reference.close();
        }
    }

    /** A call of a group of kernels on tensors of one backend: what it fills comes first. */
    private record Call(String name, int outputs, List<Shape> shapes, Body body) {
        interface Body {
            void run(MatmulKernels kernels, List<Tensor> tensors);
        }

        /** The outputs, which before the call hold values that only an adding call may read. */
        List<double[]> run(org.blockrecurrent.tensor.Backend on, MatmulKernels kernels) {
            try (Scope scope = on.openScope()) {
                List<Tensor> tensors = new ArrayList<>();
                for (int i = 0; i < shapes.size(); i++) {
                    tensors.add(on.tensor(shapes.get(i), values(i)));
                }
                body.run(kernels, tensors);
                return tensors.subList(0, outputs).stream()
                        .map(Tensor::toDoubles)
                        .toList();
            }
        }

        private float[] values(int input) {
            Philox random = Philox.stream(7, name + input);
            float[] values = new float[shapes.get(input).size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.normal(i);
            }
            return values;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Every kernel that has a large tile; full tiles, and tiles that reach over both edges. */
    static Stream<Call> products() {
        return Stream.of(new int[] {128, 32, 128}, new int[] {120, 37, 125}, new int[] {124, 20, 252})
                .flatMap(size -> products(size[0], size[1], size[2]));
    }

    private static Stream<Call> products(int M, int K, int N) {
        Shape c = Shape.of(M, N);
        Shape x = Shape.of(M, K);
        Shape w = Shape.of(N, K);
        Shape b = Shape.of(N);
        String sizes = " " + M + "x" + K + "x" + N;
        List<Call> calls = new ArrayList<>();
        for (boolean add : new boolean[] {false, true}) {
            String name = (add ? " added" : "") + sizes;
            calls.add(new Call(
                    "TN" + name,
                    1,
                    List.of(c, x, w),
                    (k, t) -> k.matmul(new Into(t.get(0), add), t.get(1), t.get(2), Layout.TN)));
            calls.add(new Call(
                    "NN" + name,
                    1,
                    List.of(c, x, Shape.of(K, N)),
                    (k, t) -> k.matmul(new Into(t.get(0), add), t.get(1), t.get(2), Layout.NN)));
            calls.add(new Call(
                    "NT" + name,
                    1,
                    List.of(c, Shape.of(K, M), Shape.of(K, N)),
                    (k, t) -> k.matmul(new Into(t.get(0), add), t.get(1), t.get(2), Layout.NT)));
        }
        calls.add(new Call(
                "linear" + sizes, 1, List.of(c, x, w, b), (k, t) -> k.linear(t.get(0), t.get(1), t.get(2), t.get(3))));
        calls.add(new Call(
                "linearGelu" + sizes,
                2,
                List.of(c, c, x, w, b),
                (k, t) -> k.linearActivation(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), Activation.GELU)));
        calls.add(new Call(
                "linearSwiGlu" + sizes,
                2,
                List.of(c, Shape.of(M, 2 * N), x, Shape.of(2 * N, K), Shape.of(2 * N)),
                (k, t) -> k.linearSwiGlu(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4))));
        calls.add(new Call(
                "linearResidual" + sizes,
                2,
                List.of(c, c, c, Shape.of(4, N), x, w, b),
                (k, t) -> k.linearResidual(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), t.get(5), t.get(6))));
        return calls.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("products")
    void either_tile_is_right_and_both_give_the_same_bits(Call call) {
        List<double[]> truth = call.run(reference, reference.matmul());
        List<double[]> large = call.run(backend, new CudaMatmul(backend.launcher(), ONE));
        List<double[]> small = call.run(backend, new CudaMatmul(backend.launcher(), COUNTLESS));
        for (int i = 0; i < truth.size(); i++) {
            requireClose(call + ", output " + i, large.get(i), truth.get(i), 256);
            assertThat(small.get(i)).as(call.name()).isEqualTo(large.get(i));
        }
    }

    /** The gradient of a weight over many rows: slices of even length, an uneven last one, rows of no multiple of four. */
    static Stream<Call> weightGradients() {
        return Stream.of(new int[] {1024, 8, 12}, new int[] {1100, 5, 7}, new int[] {1601, 72, 4}, new int[] {1, 8, 12})
                .flatMap(size -> Stream.of(false, true).map(add -> weightGradient(size[0], size[1], size[2], add)));
    }

    private static Call weightGradient(int rows, int N, int K, boolean add) {
        List<Shape> shapes = List.of(Shape.of(N, K), Shape.of(N), Shape.of(rows, N), Shape.of(rows, K));
        return new Call(
                (add ? "added " : "") + N + "x" + K + " over " + rows + " rows",
                2,
                shapes,
                (k, t) -> k.linearBackwardWeight(new Into(t.get(0), add), new Into(t.get(1), add), t.get(2), t.get(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("weightGradients")
    void the_gradient_of_a_weight_adds_up_its_slices(Call call) {
        List<double[]> truth = call.run(reference, reference.matmul());
        List<double[]> got = call.run(backend, backend.matmul());
        for (int i = 0; i < truth.size(); i++) {
            requireClose(call + ", output " + i, got.get(i), truth.get(i), 1601);
        }
        assertThat(call.run(backend, backend.matmul()))
                .usingRecursiveComparison()
                .isEqualTo(got);
    }

    @Test
    void slices_are_taken_where_the_tests_above_mean_them() {
        assertThat(GemmPlan.ofSlices(8, 12, 1024).slices()).isEqualTo(2);
        assertThat(GemmPlan.ofSlices(5, 7, 1100).slices()).isEqualTo(2);
        assertThat(GemmPlan.ofSlices(72, 4, 1601).slices()).isEqualTo(3);
        assertThat(GemmPlan.ofTiles(120, 125, 37, ONE).tile()).isEqualTo(128);
        assertThat(GemmPlan.ofTiles(124, 252, 20, ONE).tile()).isEqualTo(128);
        assertThat(GemmPlan.ofTiles(124, 252, 20, COUNTLESS).tile()).isEqualTo(64);
    }

    /** A sum over no channels is the bias; one over no rows is zero, or nothing to be added. */
    @Test
    void a_sum_over_nothing_is_written_too() {
        try (Scope scope = backend.openScope()) {
            Tensor y = backend.tensor(Shape.of(2, 3), 9, 9, 9, 9, 9, 9);
            Tensor bias = backend.tensor(Shape.of(3), 1, 2, 3);
            backend.matmul().linear(y, backend.empty(2, 0), backend.empty(3, 0), bias);
            assertThat(y.toArray()).containsExactly(1, 2, 3, 1, 2, 3);
            Tensor dweight = backend.tensor(Shape.of(1, 2), 9, 9);
            Tensor dbias = backend.tensor(Shape.of(1), 5);
            backend.matmul()
                    .linearBackwardWeight(
                            new Into(dweight, false), new Into(dbias, true), backend.empty(0, 1), backend.empty(0, 2));
            assertThat(dweight.toArray()).containsExactly(0, 0);
            assertThat(dbias.toArray()).containsExactly(5);
        }
    }

    /** Sums of n products of normal values, and functions of slope about one of them. */
    private static void requireClose(String what, double[] got, double[] want, int n) {
        Tolerance tolerance = Tolerance.reduction(n);
        tolerance.require(what, got, want, ROUNDING * Math.sqrt(n));
    }
}
