package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;

/** Elementwise kernels: ranges of one long array, or rows where the second operand repeats. */
final class VectorElementwise implements ElementwiseKernels {
    private final Resources resources;
    private final Lanes lanes;

    VectorElementwise(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        float[] yv = written(y);
        float[] av = read(a);
        float[] bv = read(b);
        repeated(a.size(), b.size(), (from, b0, n) -> lanes.add(yv, from, av, from, bv, b0, n));
    }

    @Override
    public void addInto(Tensor y, Tensor x) {
        float[] yv = written(y);
        float[] xv = read(x);
        resources.elements(y.size(), (from, to) -> lanes.add(yv, from, yv, from, xv, from, to - from));
    }

    @Override
    public void multiply(Into y, Tensor a, Tensor b) {
        if (y == null) {
            return;
        }
        float[] yv = written(y.tensor());
        float[] av = read(a);
        float[] bv = read(b);
        repeated(a.size(), b.size(), (from, b0, n) -> lanes.multiply(yv, from, av, from, bv, b0, n, y.add()));
    }

    @Override
    public void scale(Into y, Tensor x, float factor) {
        if (y == null) {
            return;
        }
        float[] yv = written(y.tensor());
        float[] xv = read(x);
        resources.elements(x.size(), (from, to) -> lanes.scale(yv, from, xv, from, factor, to - from, y.add()));
    }

    @Override
    public void activation(Tensor y, Tensor x, Activation f) {
        float[] yv = written(y);
        float[] xv = read(x);
        resources.elements(x.size(), (from, to) -> lanes.activation(f, yv, from, xv, from, to - from));
    }

    @Override
    public void activationBackward(Into dx, Tensor dy, Tensor x, Activation f) {
        if (dx == null) {
            return;
        }
        float[] result = target(dx);
        float[] dyv = read(dy);
        float[] xv = read(x);
        resources.elements(
                x.size(), (from, to) -> lanes.activationBackward(f, result, from, dyv, from, xv, from, to - from));
        finish(dx, result);
    }

    @Override
    public void swiGlu(Tensor y, Tensor x) {
        int F = y.shape().last();
        float[] yv = written(y);
        float[] xv = read(x);
        resources.rows(y.shape().rows(), F, (from, to) -> {
            for (int row = from; row < to; row++) {
                lanes.swiGlu(yv, row * F, xv, row * 2 * F, xv, row * 2 * F + F, F);
            }
        });
    }

    @Override
    public void swiGluBackward(Into dx, Tensor dy, Tensor x) {
        if (dx == null) {
            return;
        }
        int F = dy.shape().last();
        float[] result = target(dx);
        float[] dyv = read(dy);
        float[] xv = read(x);
        resources.rows(dy.shape().rows(), F, (from, to) -> {
            for (int row = from; row < to; row++) {
                int gate = row * 2 * F;
                lanes.swiGluBackward(result, gate, gate + F, dyv, row * F, xv, gate, gate + F, F);
            }
        });
        finish(dx, result);
    }

    /** The output itself, or scratch for what is added to it. */
    private float[] target(Into dx) {
        return dx.add() ? resources.pool().take(dx.tensor().size()) : written(dx.tensor());
    }

    private void finish(Into dx, float[] result) {
        if (dx.add()) {
            float[] sum = written(dx.tensor());
            resources.elements(sum.length, (from, to) -> lanes.add(sum, from, result, from, sum, from, to - from));
            resources.pool().give(result);
        }
    }

    /** A run of n elements from {@code from}, beside b from {@code b0}. */
    @FunctionalInterface
    private interface Run {
        void run(int from, int b0, int n);
    }

    /** {@code size} elements, beside which b (S) repeats. */
    private void repeated(int size, int S, Run body) {
        if (size == S) {
            resources.elements(size, (from, to) -> body.run(from, from, to - from));
        } else if (S > 0) {
            resources.rows(size / S, S, (from, to) -> {
                for (int row = from; row < to; row++) {
                    body.run(row * S, 0, S);
                }
            });
        }
    }
}
