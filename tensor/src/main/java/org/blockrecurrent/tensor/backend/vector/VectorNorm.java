package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import java.util.Arrays;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.NormKernels;

/** Layer normalization, row by row; the gradients of weight and bias are summed per part of the rows, then over parts. */
final class VectorNorm implements NormKernels {
    private static final int PART_ROWS = 64;

    private final Resources resources;
    private final Lanes lanes;

    VectorNorm(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void layerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor weight, Tensor bias, float eps) {
        int D = x.shape().last();
        float[] yv = written(y);
        float[] means = written(mean);
        float[] rstds = written(rstd);
        float[] xv = read(x);
        float[] w = read(weight);
        float[] b = read(bias);
        resources.rows(x.shape().rows(), D, (from, to) -> {
            for (int row = from; row < to; row++) {
                int at = row * D;
                means[row] = lanes.sum(xv, at, D) / D;
                double variance = lanes.squaredDeviation(xv, at, means[row], D) / (double) D;
                rstds[row] = (float) (1 / Math.sqrt(variance + eps));
                lanes.normalize(yv, at, xv, at, means[row], rstds[row], w, b, D);
            }
        });
    }

    @Override
    public void layerNormBackward(
            Into dx, Into dweight, Into dbias, Tensor dy, Tensor x, Tensor weight, Tensor mean, Tensor rstd) {
        int D = x.shape().last();
        int rows = x.shape().rows();
        int parts = Math.max(1, (rows + PART_ROWS - 1) / PART_ROWS);
        float[] dxv = dx == null ? null : written(dx.tensor());
        float[] dyv = read(dy);
        float[] xv = read(x);
        float[] w = read(weight);
        float[] means = read(mean);
        float[] rstds = read(rstd);
        float[] sums =
                dweight == null && dbias == null ? null : resources.pool().take(parts * 2 * D);
        resources.chunks(parts, 64L * rows * D, (part, member) -> {
            int at = part * 2 * D;
            if (sums != null) {
                Arrays.fill(sums, at, at + 2 * D, 0);
            }
            for (int row = part * PART_ROWS; row < Math.min(rows, (part + 1) * PART_ROWS); row++) {
                lanes.normalizeBackward(
                        dxv,
                        row * D,
                        dx != null && dx.add(),
                        sums,
                        at,
                        dyv,
                        row * D,
                        xv,
                        row * D,
                        means[row],
                        rstds[row],
                        w,
                        D);
            }
        });
        if (sums != null) {
            collect(dweight, dbias, sums, parts, D);
        }
    }

    private void collect(Into dweight, Into dbias, float[] sums, int parts, int D) {
        for (int part = 1; part < parts; part++) {
            lanes.add(sums, 0, sums, 0, sums, part * 2 * D, 2 * D);
        }
        if (dweight != null) {
            lanes.scale(written(dweight.tensor()), 0, sums, 0, 1, D, dweight.add());
        }
        if (dbias != null) {
            lanes.scale(written(dbias.tensor()), 0, sums, D, 1, D, dbias.add());
        }
        resources.pool().give(sums);
    }
}
