package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;

final class ReferenceElementwise implements ElementwiseKernels {
    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        double[] yValues = values(y);
        double[] aValues = values(a);
        double[] bValues = values(b);
        for (int i = 0; i < yValues.length; i++) {
            yValues[i] = aValues[i] + bValues[i % bValues.length];
        }
    }

    @Override
    public void addInto(Tensor y, Tensor x) {
        double[] yValues = values(y);
        double[] xValues = values(x);
        for (int i = 0; i < yValues.length; i++) {
            yValues[i] += xValues[i];
        }
    }

    @Override
    public void multiply(Into y, Tensor a, Tensor b) {
        Target target = Target.of(y);
        double[] aValues = values(a);
        double[] bValues = values(b);
        for (int i = 0; i < aValues.length; i++) {
            target.put(i, aValues[i] * bValues[i % bValues.length]);
        }
    }

    @Override
    public void scale(Into y, Tensor x, float factor) {
        Target target = Target.of(y);
        double[] xValues = values(x);
        double exact = Decimal.of(factor);
        for (int i = 0; i < xValues.length; i++) {
            target.put(i, exact * xValues[i]);
        }
    }

    @Override
    public void activation(Tensor y, Tensor x, Activation f) {
        double[] yValues = values(y);
        double[] xValues = values(x);
        for (int i = 0; i < yValues.length; i++) {
            yValues[i] = Functions.apply(f, xValues[i]);
        }
    }

    @Override
    public void activationBackward(Into dx, Tensor dy, Tensor x, Activation f) {
        Target target = Target.of(dx);
        double[] dyValues = values(dy);
        double[] xValues = values(x);
        for (int i = 0; i < xValues.length; i++) {
            target.put(i, dyValues[i] * Functions.derivative(f, xValues[i]));
        }
    }

    @Override
    public void swiGlu(Tensor y, Tensor x) {
        double[] yValues = values(y);
        double[] xValues = values(x);
        int F = y.shape().last();
        for (int i = 0; i < yValues.length; i++) {
            int gate = i / F * 2 * F + i % F;
            yValues[i] = Functions.apply(Activation.SILU, xValues[gate]) * xValues[gate + F];
        }
    }

    @Override
    public void swiGluBackward(Into dx, Tensor dy, Tensor x) {
        Target target = Target.of(dx);
        double[] dyValues = values(dy);
        double[] xValues = values(x);
        int F = dy.shape().last();
        for (int i = 0; i < dyValues.length; i++) {
            int gate = i / F * 2 * F + i % F;
            target.put(gate, dyValues[i] * xValues[gate + F] * Functions.derivative(Activation.SILU, xValues[gate]));
            target.put(gate + F, dyValues[i] * Functions.apply(Activation.SILU, xValues[gate]));
        }
    }
}
