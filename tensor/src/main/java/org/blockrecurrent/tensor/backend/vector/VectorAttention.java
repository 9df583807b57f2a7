package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.AttentionKernels;

/**
 * Attention, one chunk of work for each image and head, its scores in scratch a block of queries at a time. Built from
 * the same register tile as {@link VectorMatmul}; sums over queries run in the order of the blocks.
 */
final class VectorAttention implements AttentionKernels {
    /** Scores of one block of queries: 96 KiB, beside which the keys find room in the second-level cache. */
    private static final int BLOCK_SCORES = 24 * 1024;

    private final Resources resources;
    private final Gemm gemm;

    VectorAttention(Resources resources) {
        this.resources = resources;
        gemm = resources.gemm();
    }

    @Override
    public void attention(Tensor y, Tensor lse, Tensor qkv, int heads) {
        AttentionShape shape = shape(qkv, heads);
        float[] yv = HeapStorage.written(y);
        float[] lv = HeapStorage.writtenOrNull(lse);
        float[] qv = HeapStorage.read(qkv);
        resources.chunks(
                shape.B() * heads,
                4L * shape.B() * shape.N() * shape.N() * shape.D(),
                (chunk, member) -> forward(shape, chunk, yv, lv, qv, member));
    }

    @Override
    public void attentionBackward(Into dqkv, Tensor dy, Tensor y, Tensor qkv, Tensor lse, int heads) {
        if (dqkv == null) {
            return;
        }
        AttentionShape shape = shape(qkv, heads);
        float[] dq = HeapStorage.written(dqkv.tensor());
        float[] dv = HeapStorage.read(dy);
        float[] yv = HeapStorage.read(y);
        float[] qv = HeapStorage.read(qkv);
        float[] lv = HeapStorage.read(lse);
        resources.chunks(
                shape.B() * heads,
                10L * shape.B() * shape.N() * shape.N() * shape.D(),
                (chunk, member) -> backward(shape, chunk, dq, dqkv.add(), dv, yv, qv, lv, member));
    }

    private AttentionShape shape(Tensor qkv, int heads) {
        int width = gemm.width();
        int N = qkv.dim(1);
        int padded = (N + width - 1) / width * width;
        int rows = 2 * gemm.height();
        int block = Math.max(rows, BLOCK_SCORES / padded / rows * rows);
        return new AttentionShape(qkv.dim(0), N, qkv.dim(2) / 3, heads, width, padded, block);
    }

    private void forward(AttentionShape s, int chunk, float[] y, float[] lse, float[] qkv, int member) {
        int N = s.N();
        float[] keys = transposed(s, qkv, s.keys(chunk), s.rowStride(), member, 0);
        float[] values = plain(s, qkv, s.values(chunk), s.rowStride(), N, member, 1);
        float[] scores = resources.scratch(member, 2, s.block() * s.padded());
        Lanes lanes = resources.lanes();
        for (int from = 0; from < N; from += s.block()) {
            int rows = Math.min(s.block(), N - from);
            scores(s, qkv, s.queries(chunk) + from * s.rowStride(), s.rowStride(), keys, scores, rows, member);
            float[] inverse = resources.scratch(member, 3, s.block());
            for (int row = 0; row < rows; row++) {
                int at = row * s.padded();
                Arrays.fill(scores, at + N, at + s.whole(), Float.NEGATIVE_INFINITY);
                float shift = lanes.max(scores, at, N) * s.scale();
                float sum = lanes.exp(scores, at, scores, at, s.scale(), shift, s.whole());
                inverse[row] = 1 / sum;
                if (lse != null) {
                    lse[chunk * N + from + row] = shift + (float) Math.log(sum);
                }
            }
            int out = s.output(chunk) + from * s.D();
            ofQueries(s, scores, values, y, out, s.D(), rows, false, member);
            for (int row = 0; row < rows; row++) {
                lanes.scale(y, out + row * s.D(), y, out + row * s.D(), inverse[row], s.headDim(), false);
            }
        }
    }

    private void backward(
            AttentionShape s,
            int chunk,
            float[] dqkv,
            boolean add,
            float[] dy,
            float[] y,
            float[] qkv,
            float[] lse,
            int member) {
        int N = s.N();
        int stride = s.rowStride();
        float[] keys = transposed(s, qkv, s.keys(chunk), stride, member, 0);
        float[] values = transposed(s, qkv, s.values(chunk), stride, member, 1);
        float[] keyRows = plain(s, qkv, s.keys(chunk), stride, N, member, 2);
        float[] weights = resources.scratch(member, 5, s.block() * s.padded());
        float[] dscores = resources.scratch(member, 6, s.block() * s.padded());
        for (int from = 0; from < N; from += s.block()) {
            int rows = Math.min(s.block(), N - from);
            int query = s.queries(chunk) + from * stride;
            int out = s.output(chunk) + from * s.D();
            scores(s, qkv, query, stride, keys, weights, rows, member);
            scores(s, dy, out, s.D(), values, dscores, rows, member);
            softmaxBackward(s, weights, dscores, dy, y, out, lse, chunk * N + from, rows);
            float[] queryRows = plain(s, qkv, query, stride, rows, member, 3);
            float[] dyRows = plain(s, dy, out, s.D(), rows, member, 4);
            boolean more = add || from > 0;
            ofQueries(s, dscores, keyRows, dqkv, query, stride, rows, add, member);
            ofKeys(s, dscores, queryRows, dqkv, s.keys(chunk), rows, more, member);
            ofKeys(s, weights, dyRows, dqkv, s.values(chunk), rows, more, member);
        }
    }

    /** Scores to weights {@code P = exp(scores − lse)}, and {@code dP} to {@code dS = P ⊙ (dP − δ)/√Dh}, {@code δ = Σ dy ⊙ y}. */
    private void softmaxBackward(
            AttentionShape s,
            float[] weights,
            float[] dscores,
            float[] dy,
            float[] y,
            int out,
            float[] lse,
            int lse0,
            int rows) {
        Lanes lanes = resources.lanes();
        for (int row = 0; row < rows; row++) {
            int at = row * s.padded();
            int outRow = out + row * s.D();
            lanes.exp(weights, at, weights, at, s.scale(), lse[lse0 + row], s.whole());
            float delta = lanes.dot(dy, outRow, y, outRow, s.headDim());
            lanes.centredProduct(dscores, at, weights, at, dscores, at, delta, s.scale(), s.whole());
        }
    }

    /** {@code scores (rows, padded N) = A · panels}, the inner extent that of a head. */
    private void scores(
            AttentionShape s, float[] a, int a0, int aRow, float[] panels, float[] scores, int rows, int member) {
        Strips left = resources.workspace(member).strips().ofRows(resources.lanes(), a, a0, aRow, rows, s.headDim());
        product(left, panels, scores, 0, s.padded(), s.padded(), false, member);
    }

    /** {@code C (rows, Dh) = A · panels (N, Dh)}, or {@code +=}: A holds scores, a row for each query. */
    private void ofQueries(
            AttentionShape s,
            float[] a,
            float[] panels,
            float[] c,
            int c0,
            int cRow,
            int rows,
            boolean add,
            int member) {
        Strips left = resources.workspace(member).strips().ofRows(resources.lanes(), a, 0, s.padded(), rows, s.N());
        product(left, panels, c, c0, cRow, s.headDim(), add, member);
    }

    /** {@code C (N, Dh) = Aᵀ · panels (rows, Dh)}, or {@code +=}. */
    private void ofKeys(
            AttentionShape s, float[] a, float[] panels, float[] c, int c0, int rows, boolean add, int member) {
        Strips left = resources.workspace(member).strips().ofColumns(resources.lanes(), a, 0, s.padded(), s.N(), rows);
        product(left, panels, c, c0, s.rowStride(), s.headDim(), add, member);
    }

    /** {@code C (M, N) = A · panels}, or {@code +=}. */
    private void product(Strips a, float[] panels, float[] c, int c0, int cRow, int N, boolean add, int member) {
        Start start = add ? Start.of(c, c0, cRow) : Start.NOTHING;
        int step = Panels.step(gemm.width(), a.K());
        gemm.multiply(a, panels, 0, step, start, c, c0, cRow, N, resources.workspace(member));
    }

    /** Panels of Xᵀ (Dh, N) for X (N, Dh). */
    private float[] transposed(AttentionShape s, float[] x, int x0, int stride, int member, int slot) {
        int width = s.width();
        int step = Panels.step(width, s.headDim());
        float[] panels = resources.scratch(member, slot, s.padded() / width * step);
        for (int n = 0, at = 0; n < s.N(); n += width, at += step) {
            int columns = Math.min(width, s.N() - n);
            Panels.packTransposed(
                    resources.lanes(), panels, at, width, x, x0 + n * stride, stride, columns, s.headDim());
        }
        return panels;
    }

    /** Panels of X (rows, Dh). */
    private float[] plain(AttentionShape s, float[] x, int x0, int stride, int rows, int member, int slot) {
        int width = s.width();
        int step = Panels.step(width, rows);
        float[] panels = resources.scratch(member, slot, (s.headDim() + width - 1) / width * step);
        for (int d = 0, at = 0; d < s.headDim(); d += width, at += step) {
            int columns = Math.min(width, s.headDim() - d);
            Panels.packPlain(resources.lanes(), panels, at, width, x, x0 + d, stride, columns, rows);
        }
        return panels;
    }
}
