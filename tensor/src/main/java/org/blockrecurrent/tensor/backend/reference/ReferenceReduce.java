package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.ReduceKernels;

final class ReferenceReduce implements ReduceKernels {
    private static final double SMALLEST_NORM = 1e-8;

    @Override
    public void sum(Tensor y, Tensor x, float factor) {
        double sum = 0;
        for (double value : values(x)) {
            sum += value;
        }
        values(y)[0] = Decimal.of(factor) * sum;
    }

    @Override
    public void spread(Into y, Tensor x, float factor) {
        Target target = Target.of(y);
        double value = Decimal.of(factor) * values(x)[0];
        for (int i = 0; i < y.tensor().size(); i++) {
            target.put(i, value);
        }
    }

    @Override
    public void sumLeading(Into y, Tensor x) {
        double[] sums = new double[y.tensor().size()];
        double[] xValues = values(x);
        for (int i = 0; i < xValues.length; i++) {
            sums[i % sums.length] += xValues[i];
        }
        Target.of(y).putAll(sums);
    }

    @Override
    public void sumLeadingProduct(Into y, Tensor a, Tensor b) {
        double[] sums = new double[y.tensor().size()];
        double[] aValues = values(a);
        double[] bValues = values(b);
        for (int i = 0; i < aValues.length; i++) {
            sums[i % sums.length] += aValues[i] * bValues[i];
        }
        Target.of(y).putAll(sums);
    }

    @Override
    public void meanTokens(Tensor y, Tensor x, int from, int to) {
        int N = x.dim(1);
        int D = x.dim(2);
        double[] yValues = values(y);
        double[] xValues = values(x);
        for (int i = 0; i < yValues.length; i++) {
            double sum = 0;
            for (int n = from; n < to; n++) {
                sum += xValues[(i / D * N + n) * D + i % D];
            }
            yValues[i] = sum / (to - from);
        }
    }

    @Override
    public void meanTokensBackward(Into dx, Tensor dy, int from, int to) {
        int N = dx.tensor().dim(1);
        int D = dx.tensor().dim(2);
        Target target = Target.of(dx);
        double[] dyValues = values(dy);
        for (int i = 0; i < dx.tensor().size(); i++) {
            int image = i / (N * D);
            int n = i / D % N;
            boolean inRange = from <= n && n < to;
            target.put(i, inRange ? dyValues[image * D + i % D] / (to - from) : 0);
        }
    }

    @Override
    public void cosine(Tensor y, Tensor a, Tensor b) {
        int D = a.shape().last();
        double[] yValues = values(y);
        for (int row = 0; row < yValues.length; row++) {
            yValues[row] = cosine(values(a), values(b), row * D, D);
        }
    }

    @Override
    public void cosineBackward(Into da, Into db, Tensor dy, Tensor a, Tensor b) {
        int D = a.shape().last();
        double[] aValues = values(a);
        double[] bValues = values(b);
        Target daTarget = Target.of(da);
        Target dbTarget = Target.of(db);
        for (int row = 0; row < dy.size(); row++) {
            double aNorm = norm(aValues, row * D, D);
            double bNorm = norm(bValues, row * D, D);
            double cosine = cosine(aValues, bValues, row * D, D);
            double g = values(dy)[row];
            for (int i = row * D; i < (row + 1) * D; i++) {
                double aHat = aValues[i] / aNorm;
                double bHat = bValues[i] / bNorm;
                daTarget.put(i, g * (bHat - cosine * aHat) / aNorm);
                dbTarget.put(i, g * (aHat - cosine * bHat) / bNorm);
            }
        }
    }

    private static double cosine(double[] a, double[] b, int start, int D) {
        double aNorm = norm(a, start, D);
        double bNorm = norm(b, start, D);
        double sum = 0;
        for (int i = start; i < start + D; i++) {
            sum += a[i] / aNorm * (b[i] / bNorm);
        }
        return sum;
    }

    private static double norm(double[] x, int start, int D) {
        double sum = 0;
        for (int i = start; i < start + D; i++) {
            sum += x[i] * x[i];
        }
        return Math.max(Math.sqrt(sum), SMALLEST_NORM);
    }
}
