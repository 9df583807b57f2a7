package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import java.util.Arrays;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.ReduceKernels;

/** Sums, in blocks and parts that follow from the shapes. */
final class VectorReduce implements ReduceKernels {
    private static final double LEAST_NORM = 1e-8;

    private final Resources resources;
    private final Lanes lanes;

    VectorReduce(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void sum(Tensor y, Tensor x, float factor) {
        float[] xv = read(x);
        written(y)[0] = (float) (factor * BlockSums.sum(resources, x.size(), (from, n) -> lanes.sum(xv, from, n)));
    }

    @Override
    public void spread(Into y, Tensor x, float factor) {
        if (y == null) {
            return;
        }
        float value = factor * read(x)[0];
        float[] yv = written(y.tensor());
        resources.elements(yv.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                yv[i] = y.add() ? yv[i] + value : value;
            }
        });
    }

    @Override
    public void sumLeading(Into y, Tensor x) {
        columns(y, x, null);
    }

    @Override
    public void sumLeadingProduct(Into y, Tensor a, Tensor b) {
        columns(y, a, b);
    }

    private void columns(Into y, Tensor a, Tensor b) {
        if (y == null || y.tensor().size() == 0) {
            return;
        }
        int S = y.tensor().size();
        float[] second = b == null ? null : read(b);
        ColumnSums.sum(resources, written(y.tensor()), y.add(), 1, a.size() / S, S, read(a), second);
    }

    @Override
    public void meanTokens(Tensor y, Tensor x, int from, int to) {
        int N = x.dim(1);
        int D = x.dim(2);
        float[] yv = written(y);
        float[] xv = read(x);
        resources.rows(x.dim(0), (to - from) * D, (first, last) -> {
            for (int b = first; b < last; b++) {
                Arrays.fill(yv, b * D, b * D + D, 0);
                for (int n = from; n < to; n++) {
                    lanes.add(yv, b * D, yv, b * D, xv, (b * N + n) * D, D);
                }
                lanes.scale(yv, b * D, yv, b * D, 1f / (to - from), D, false);
            }
        });
    }

    @Override
    public void meanTokensBackward(Into dx, Tensor dy, int from, int to) {
        if (dx == null) {
            return;
        }
        int N = dx.tensor().dim(1);
        int D = dx.tensor().dim(2);
        float[] dxv = written(dx.tensor());
        float[] dyv = read(dy);
        resources.rows(dx.tensor().dim(0) * N, D, (first, last) -> {
            for (int row = first; row < last; row++) {
                if (row % N >= from && row % N < to) {
                    lanes.scale(dxv, row * D, dyv, row / N * D, 1f / (to - from), D, dx.add());
                } else if (!dx.add()) {
                    Arrays.fill(dxv, row * D, row * D + D, 0);
                }
            }
        });
    }

    @Override
    public void cosine(Tensor y, Tensor a, Tensor b) {
        int D = a.shape().last();
        float[] yv = written(y);
        float[] av = read(a);
        float[] bv = read(b);
        resources.rows(a.shape().rows(), D, (from, to) -> {
            for (int row = from; row < to; row++) {
                yv[row] = (float) (lanes.dot(av, row * D, bv, row * D, D) / (norm(av, row, D) * norm(bv, row, D)));
            }
        });
    }

    @Override
    public void cosineBackward(Into da, Into db, Tensor dy, Tensor a, Tensor b) {
        cosineBackward(da, dy, a, b);
        cosineBackward(db, dy, b, a);
    }

    /**
     * {@code da = dy · (b/(‖a‖‖b‖) − cos · a/‖a‖²)}; where ‖a‖ is below its least value it counts as a constant. Nearly
     * parallel rows cancel all but a little of it, so it is computed in double precision and rounded once.
     */
    private void cosineBackward(Into da, Tensor dy, Tensor a, Tensor b) {
        if (da == null) {
            return;
        }
        int D = a.shape().last();
        float[] dav = written(da.tensor());
        float[] dyv = read(dy);
        float[] av = read(a);
        float[] bv = read(b);
        resources.rows(a.shape().rows(), D, (from, to) -> {
            for (int row = from; row < to; row++) {
                double normA = Math.max(LEAST_NORM, Math.sqrt(exactDot(av, av, row * D, D)));
                double normB = Math.max(LEAST_NORM, Math.sqrt(exactDot(bv, bv, row * D, D)));
                double other = dyv[row] / (normA * normB);
                double cosine = exactDot(av, bv, row * D, D) / (normA * normB);
                double own = normA > LEAST_NORM ? -dyv[row] * cosine / (normA * normA) : 0;
                for (int i = row * D; i < (row + 1) * D; i++) {
                    float gradient = (float) (other * bv[i] + own * av[i]);
                    dav[i] = da.add() ? dav[i] + gradient : gradient;
                }
            }
        });
    }

    private static double exactDot(float[] a, float[] b, int at, int n) {
        double sum = 0;
        for (int i = at; i < at + n; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** At least {@value #LEAST_NORM}; NaN if the row holds one. */
    private double norm(float[] x, int row, int D) {
        return Math.max(LEAST_NORM, Math.sqrt(lanes.dot(x, row * D, x, row * D, D)));
    }
}
