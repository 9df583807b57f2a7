package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.NormKernels;

final class ReferenceNorm implements NormKernels {
    @Override
    public void layerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor weight, Tensor bias, float eps) {
        int D = x.shape().last();
        double[] yValues = values(y);
        double[] xValues = values(x);
        double[] weightValues = values(weight);
        double[] biasValues = values(bias);
        double exactEps = Decimal.of(eps);
        for (int row = 0; row < x.shape().rows(); row++) {
            double rowMean = mean(xValues, row * D, D);
            double rowRstd = 1 / Math.sqrt(variance(xValues, row * D, D, rowMean) + exactEps);
            for (int d = 0; d < D; d++) {
                double xhat = (xValues[row * D + d] - rowMean) * rowRstd;
                yValues[row * D + d] = xhat * weightValues[d] + biasValues[d];
            }
            values(mean)[row] = rowMean;
            values(rstd)[row] = rowRstd;
        }
    }

    @Override
    public void layerNormBackward(
            Into dx, Into dweight, Into dbias, Tensor dy, Tensor x, Tensor weight, Tensor mean, Tensor rstd) {
        int D = x.shape().last();
        double[] dyValues = values(dy);
        double[] weightValues = values(weight);
        double[] dweightSums = new double[D];
        double[] dbiasSums = new double[D];
        double[] xhat = new double[D];
        double[] g = new double[D];
        Target dxTarget = Target.of(dx);
        for (int row = 0; row < x.shape().rows(); row++) {
            double rowRstd = values(rstd)[row];
            double meanG = 0;
            double meanGXhat = 0;
            for (int d = 0; d < D; d++) {
                xhat[d] = (values(x)[row * D + d] - values(mean)[row]) * rowRstd;
                g[d] = dyValues[row * D + d] * weightValues[d];
                meanG += g[d] / D;
                meanGXhat += g[d] * xhat[d] / D;
                dweightSums[d] += dyValues[row * D + d] * xhat[d];
                dbiasSums[d] += dyValues[row * D + d];
            }
            for (int d = 0; d < D; d++) {
                dxTarget.put(row * D + d, rowRstd * (g[d] - meanG - xhat[d] * meanGXhat));
            }
        }
        Target.of(dweight).putAll(dweightSums);
        Target.of(dbias).putAll(dbiasSums);
    }

    private static double mean(double[] x, int start, int D) {
        double sum = 0;
        for (int d = 0; d < D; d++) {
            sum += x[start + d];
        }
        return sum / D;
    }

    private static double variance(double[] x, int start, int D, double mean) {
        double sum = 0;
        for (int d = 0; d < D; d++) {
            double centred = x[start + d] - mean;
            sum += centred * centred;
        }
        return sum / D;
    }
}
