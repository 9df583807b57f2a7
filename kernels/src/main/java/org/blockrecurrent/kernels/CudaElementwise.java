package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Launch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;

/** Elementwise kernels on the GPU: elementwise.cu. */
final class CudaElementwise implements ElementwiseKernels {
    private final CudaLauncher cuda;

    CudaElementwise(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    @Override
    public void add(Tensor y, Tensor a, Tensor b) {
        if (y.size() == 0) {
            return;
        }
        int columns = b.size();
        int rows = a.size() / columns;
        matrix("elementwise_add", 1, rows, columns)
                .output(y)
                .tensor(a)
                .tensor(b)
                .i32(rows)
                .i32(columns)
                .run();
    }

    @Override
    public void addInto(Tensor y, Tensor x) {
        elements("elementwise_add_into", y.size())
                .output(y)
                .tensor(x)
                .i32(y.size())
                .run();
    }

    @Override
    public void multiply(Into y, Tensor a, Tensor b) {
        if (a.size() > 0) {
            multiply(y, a, b, 1, b.size());
        }
    }

    /** {@code y = a ⊙ b}: a in groups of rows, b one row (columns) for each group. */
    void multiply(Into y, Tensor a, Tensor b, int groups, int columns) {
        if (y == null) {
            return;
        }
        int rows = a.size() / groups / columns;
        matrix("elementwise_multiply", groups, rows, columns)
                .output(y.tensor())
                .tensor(a)
                .tensor(b)
                .i32(groups)
                .i32(rows)
                .i32(columns)
                .i32(y.add() ? 1 : 0)
                .run();
    }

    @Override
    public void scale(Into y, Tensor x, float factor) {
        if (y == null) {
            return;
        }
        elements("elementwise_scale", x.size())
                .output(y.tensor())
                .tensor(x)
                .f32(factor)
                .i32(x.size())
                .i32(y.add() ? 1 : 0)
                .run();
    }

    /** y may share the memory of x: a thread reads what it then writes. */
    @Override
    public void activation(Tensor y, Tensor x, Activation f) {
        elements(name(f), x.size()).output(y).tensor(x).i32(x.size()).run();
    }

    @Override
    public void activationBackward(Into dx, Tensor dy, Tensor x, Activation f) {
        if (dx == null) {
            return;
        }
        elements(name(f) + "_backward", x.size())
                .output(dx.tensor())
                .tensor(dy)
                .tensor(x)
                .i32(x.size())
                .i32(dx.add() ? 1 : 0)
                .run();
    }

    private static String name(Activation f) {
        return switch (f) {
            case GELU -> "elementwise_gelu";
            case GELU_TANH -> "elementwise_gelu_tanh";
            case QUICK_GELU -> "elementwise_quick_gelu";
            case SILU -> "elementwise_silu";
            case TANH -> "elementwise_tanh";
        };
    }

    @Override
    public void swiGlu(Tensor y, Tensor x) {
        int rows = y.shape().rows();
        int F = y.shape().last();
        matrix("elementwise_swiglu", 1, rows, F)
                .output(y)
                .tensor(x)
                .i32(rows)
                .i32(F)
                .run();
    }

    @Override
    public void swiGluBackward(Into dx, Tensor dy, Tensor x) {
        if (dx == null) {
            return;
        }
        int rows = dy.shape().rows();
        int F = dy.shape().last();
        matrix("elementwise_swiglu_backward", 1, rows, F)
                .output(dx.tensor())
                .tensor(dy)
                .tensor(x)
                .i32(rows)
                .i32(F)
                .i32(dx.add() ? 1 : 0)
                .run();
    }

    private Launch elements(String kernel, int n) {
        return StreamGrid.elements(n).of(cuda.launch("elementwise", kernel));
    }

    private Launch matrix(String kernel, int groups, int rows, int columns) {
        StreamGrid grid = StreamGrid.matrix(groups, rows, columns, StreamGrid.width(columns));
        return grid.of(cuda.launch("elementwise", kernel));
    }
}
