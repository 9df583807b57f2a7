package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.MatmulKernels;

final class ReferenceMatmul implements MatmulKernels {
    @Override
    public void matmul(Into c, Tensor a, Tensor b, Layout layout) {
        boolean transposeA = layout == Layout.NT;
        boolean transposeB = layout == Layout.TN;
        int M = transposeA ? a.shape().last() : a.shape().rows();
        int K = transposeA ? a.shape().rows() : a.shape().last();
        int N = transposeB ? b.shape().rows() : b.shape().last();
        double[] aValues = values(a);
        double[] bValues = values(b);
        Target target = Target.of(c);
        for (int m = 0; m < M; m++) {
            for (int n = 0; n < N; n++) {
                double sum = 0;
                for (int k = 0; k < K; k++) {
                    sum += aValues[transposeA ? k * M + m : m * K + k] * bValues[transposeB ? n * K + k : k * N + n];
                }
                target.put(m * N + n, sum);
            }
        }
    }

    @Override
    public void linear(Tensor y, Tensor x, Tensor weight, Tensor bias) {
        linear(values(y), x, weight, bias);
    }

    @Override
    public void linearActivation(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias, Activation f) {
        double[] yValues = values(y);
        double[] uValues = new double[yValues.length];
        linear(uValues, x, weight, bias);
        for (int i = 0; i < yValues.length; i++) {
            yValues[i] = Functions.apply(f, uValues[i]);
        }
        Target.of(u).putAll(uValues);
    }

    @Override
    public void linearSwiGlu(Tensor y, Tensor u, Tensor x, Tensor weight, Tensor bias) {
        double[] yValues = values(y);
        double[] uValues = new double[2 * yValues.length];
        linear(uValues, x, weight, bias);
        int F = y.shape().last();
        for (int i = 0; i < yValues.length; i++) {
            int gate = i / F * 2 * F + i % F;
            yValues[i] = Functions.apply(Activation.SILU, uValues[gate]) * uValues[gate + F];
        }
        Target.of(u).putAll(uValues);
    }

    @Override
    public void linearResidual(
            Tensor y, Tensor z, Tensor residual, Tensor scale, Tensor x, Tensor weight, Tensor bias) {
        double[] yValues = values(y);
        double[] residualValues = values(residual);
        double[] zValues = new double[yValues.length];
        linear(zValues, x, weight, bias);
        int N = y.shape().last();
        int rowsPerGroup = scale == null ? 1 : y.shape().rows() / scale.dim(0);
        for (int i = 0; i < yValues.length; i++) {
            double factor = scale == null ? 1 : values(scale)[i / N / rowsPerGroup * N + i % N];
            yValues[i] = residualValues[i] + factor * zValues[i];
        }
        Target.of(z).putAll(zValues);
    }

    @Override
    public void linearBackwardWeight(Into dweight, Into dbias, Tensor dy, Tensor x) {
        int N = dy.shape().last();
        int K = x.shape().last();
        double[] dyValues = values(dy);
        double[] xValues = values(x);
        double[] dweightSums = new double[N * K];
        double[] dbiasSums = new double[N];
        for (int m = 0; m < dy.shape().rows(); m++) {
            for (int n = 0; n < N; n++) {
                double g = dyValues[m * N + n];
                dbiasSums[n] += g;
                for (int k = 0; k < K; k++) {
                    dweightSums[n * K + k] += g * xValues[m * K + k];
                }
            }
        }
        Target.of(dweight).putAll(dweightSums);
        Target.of(dbias).putAll(dbiasSums);
    }

    private static void linear(double[] y, Tensor x, Tensor weight, Tensor bias) {
        int N = weight.dim(0);
        int K = weight.dim(1);
        double[] xValues = values(x);
        double[] weightValues = values(weight);
        for (int i = 0; i < y.length; i++) {
            int m = i / N;
            int n = i % N;
            double sum = bias == null ? 0 : values(bias)[n];
            for (int k = 0; k < K; k++) {
                sum += xValues[m * K + k] * weightValues[n * K + k];
            }
            y[i] = sum;
        }
    }
}
