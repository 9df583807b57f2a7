package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.vector.Panels.Form;

/**
 * Products and linear layers: B in panels, the result cut into a {@link Grid} of chunks, and what is fused behind the
 * product applied to each chunk as soon as it is there.
 */
final class VectorMatmul implements MatmulKernels {
    /** The inner extent is cut when it is longer than this, into blocks of {@link #DEPTH}. */
    private static final int LONGEST_UNCUT = 1024;

    private static final int DEPTH = 768;
    /** Panels that are computed before their epilogue is applied, so that what it reads is still in the second-level cache. */
    private static final int PANELS = 12;

    private final Resources resources;
    private final Lanes lanes;
    private final Gemm gemm;
    private final Packing packing;

    VectorMatmul(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
        gemm = resources.gemm();
        packing = new Packing(resources);
    }

    /** What is done with rows {@code m0 … m1−1} and columns {@code n0 … n1−1} once they are computed. */
    @FunctionalInterface
    private interface Epilogue {
        Epilogue NONE = (m0, m1, n0, n1) -> {};

        void apply(int m0, int m1, int n0, int n1);
    }

    /** Brings rows {@code m … m+rows−1} of A, and {@code steps} of the inner extent from k on, into strips. */
    @FunctionalInterface
    private interface Left {
        Strips strips(Workspace workspace, int m, int rows, int k, int steps);
    }

    @Override
    public void matmul(Into c, Tensor a, Tensor b, Layout layout) {
        if (c == null) {
            return;
        }
        float[] values = HeapStorage.written(c.tensor());
        if (layout == Layout.NT) {
            across(values, c.add(), a, b);
        } else {
            Form form = layout == Layout.TN ? Form.TRANSPOSED : Form.PLAIN;
            along(values, c.add(), null, a, b, form, Epilogue.NONE);
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor weight, Tensor bias) {
        along(HeapStorage.written(y), false, bias, x, weight, Form.TRANSPOSED, Epilogue.NONE);
    }

    @Override
    public void linearActivation(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias, Activation f) {
        int N = weight.dim(0);
        float[] yv = HeapStorage.written(y);
        float[] uv = u == null ? yv : HeapStorage.written(u);
        along(uv, false, bias, x, weight, Form.TRANSPOSED, (m0, m1, n0, n1) -> {
            for (int at = m0 * N + n0; at < m1 * N; at += N) {
                lanes.activation(f, yv, at, uv, at, n1 - n0);
            }
        });
    }

    @Override
    public void linearResidual(
            Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        int N = weight.dim(0);
        float[] yv = HeapStorage.written(y);
        float[] zv = z == null ? yv : HeapStorage.written(z);
        float[] rv = HeapStorage.read(residual);
        float[] sv = scale == null ? null : HeapStorage.read(scale);
        int group = scale == null ? 1 : Math.max(1, x.shape().rows() / scale.dim(0));
        along(zv, false, bias, x, weight, Form.TRANSPOSED, (m0, m1, n0, n1) -> {
            for (int m = m0; m < m1; m++) {
                int at = m * N + n0;
                if (sv == null) {
                    lanes.add(yv, at, rv, at, zv, at, n1 - n0);
                } else {
                    lanes.multiplyAdd(yv, at, rv, at, zv, at, sv, m / group * N + n0, n1 - n0);
                }
            }
        });
    }

    @Override
    public void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        int M = x.shape().rows();
        int K = weight.dim(1);
        int F = weight.dim(0) / 2;
        Panels panels = packing.weight(weight, Form.TRANSPOSED_HALVES);
        SwiGluChunk chunk = new SwiGluChunk(
                resources,
                HeapStorage.read(x),
                panels,
                bias == null ? null : HeapStorage.read(bias),
                HeapStorage.writtenOrNull(u),
                HeapStorage.written(y),
                K,
                F,
                depth(K));
        Grid grid = grid(M, F, depth(K), PANELS);
        resources.chunks(
                grid.chunks(),
                4L * M * F * K,
                (i, member) -> chunk.run(grid.rowFrom(i), grid.rowTo(i), grid.columnFrom(i), grid.columnTo(i), member));
        packing.done(panels, weight);
    }

    @Override
    public void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x) {
        if (dweight != null) {
            across(HeapStorage.written(dweight.tensor()), dweight.add(), dy, x);
        }
        if (dbias != null) {
            biasGradient(dbias, dy);
        }
    }

    /** {@code C = A B}, {@code C = bias + A B} or {@code C += A B} for A (M, K) row by row. */
    private void along(float[] c, boolean add, Tensor bias, Tensor a, Tensor b, Form form, Epilogue epilogue) {
        int M = a.shape().rows();
        int K = a.shape().last();
        int N = form == Form.PLAIN ? b.shape().last() : b.shape().rows();
        float[] values = HeapStorage.read(a);
        Panels panels = packing.weight(b, form);
        product(
                c,
                add,
                bias,
                M,
                N,
                K,
                panels,
                epilogue,
                (workspace, m, rows, k, steps) -> workspace.strips().ofRows(lanes, values, m * K + k, K, rows, steps));
        packing.done(panels, b);
    }

    /** Aᵀ of A (K, M), B (K, N). */
    private void across(float[] c, boolean add, Tensor a, Tensor b) {
        int M = a.shape().last();
        int K = a.shape().rows();
        int N = b.shape().last();
        float[] values = HeapStorage.read(a);
        Panels panels = packing.activation(b);
        product(
                c,
                add,
                null,
                M,
                N,
                K,
                panels,
                Epilogue.NONE,
                (workspace, m, rows, k, steps) ->
                        workspace.strips().ofColumns(lanes, values, m + k * M, M, rows, steps));
        packing.done(panels, b);
    }

    private void product(
            float[] c, boolean add, Tensor bias, int M, int N, int K, Panels panels, Epilogue epilogue, Left left) {
        int depth = depth(K);
        float[] biasValues = bias == null ? null : HeapStorage.read(bias);
        Grid grid = grid(M, N, depth, Integer.MAX_VALUE);
        resources.chunks(grid.chunks(), 2L * M * N * K, (i, member) -> {
            Workspace workspace = resources.workspace(member);
            int m0 = grid.rowFrom(i);
            int m1 = grid.rowTo(i);
            int k = 0;
            do {
                int steps = Math.min(depth, K - k);
                Strips strips = left.strips(workspace, m0, m1 - m0, k, steps);
                for (int n0 = grid.columnFrom(i); n0 < grid.columnTo(i); n0 += PANELS * gemm.width()) {
                    int n1 = Math.min(grid.columnTo(i), n0 + PANELS * gemm.width());
                    int panel = panels.at(n0 / gemm.width(), k);
                    int at = m0 * N + n0;
                    Start start = add || k > 0 ? Start.of(c, at, N) : Start.bias(biasValues, n0);
                    gemm.multiply(strips, panels.values(), panel, panels.step(), start, c, at, N, n1 - n0, workspace);
                    if (k + steps == K) {
                        epilogue.apply(m0, m1, n0, n1);
                    }
                }
                k += steps;
            } while (k < K);
        });
    }

    /** Column sums of dy, each member a range of columns, in blocks of rows. */
    private void biasGradient(Into dbias, Tensor dy) {
        ColumnSums.sum(
                resources,
                HeapStorage.written(dbias.tensor()),
                dbias.add(),
                1,
                dy.shape().rows(),
                dy.shape().last(),
                HeapStorage.read(dy),
                null);
    }

    private Grid grid(int M, int N, int depth, int mostPanels) {
        return Grid.of(
                gemm.height(),
                gemm.width(),
                M,
                N,
                depth,
                mostPanels,
                resources.team().size());
    }

    private static int depth(int K) {
        return K <= LONGEST_UNCUT ? Math.max(1, K) : DEPTH;
    }
}
