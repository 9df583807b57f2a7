package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.StepState;

/** The update of the parameters on the GPU: adamw.cu, random.cu. All it reads of the step lies on the device. */
final class CudaOptimizer implements OptimizerKernels {
    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int MOST_PIECES = 256;
    private static final int FLOATS_A_DOUBLE = 2;

    private final CudaLauncher cuda;

    CudaOptimizer(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    /** Each gradient leaves the sums of its pieces in one list; one block adds up the list. */
    @Override
    public void gradientNorm(StepState state, List<Tensor> gradients, float maxNorm) {
        int pieces = 0;
        for (Tensor gradient : gradients) {
            pieces += pieces(gradient);
        }
        try (Scratch squares = cuda.scratch(FLOATS_A_DOUBLE * Math.max(1, pieces))) {
            int first = 0;
            for (Tensor gradient : gradients) {
                squares(squares, first, gradient);
                first += pieces(gradient);
            }
            cuda.launch("adamw", "adamw_clip")
                    .grid(1)
                    .block(THREADS)
                    .output(state.slots())
                    .scratch(squares)
                    .i32(pieces)
                    .f32(maxNorm)
                    .run();
        }
    }

    private void squares(Scratch squares, int first, Tensor gradient) {
        int n = gradient.size();
        cuda.launch("adamw", "adamw_squares")
                .grid(pieces(gradient))
                .block(THREADS)
                .scratch(squares)
                .tensor(gradient)
                .i32(first)
                .i32(n)
                .i32(Sums.piece(n, MOST_PIECES))
                .run();
    }

    private static int pieces(Tensor gradient) {
        int n = gradient.size();
        return (int) StreamGrid.pieces(n, Sums.piece(n, MOST_PIECES));
    }

    @Override
    public void adamW(
            Tensor parameter,
            Tensor gradient,
            Tensor m,
            Tensor v,
            StepState state,
            float beta1,
            float beta2,
            float eps,
            float weightDecay) {
        double exact1 = decimal(beta1);
        double exact2 = decimal(beta2);
        StreamGrid.elements(parameter.size())
                .of(cuda.launch("adamw", "adamw_step"))
                .output(parameter)
                .output(m)
                .output(v)
                .tensor(gradient)
                .tensor(state.slots())
                .i32(parameter.size())
                .f32(beta1)
                .f32((float) (1 - exact1))
                .f32((float) Math.log(exact1))
                .f32(beta2)
                .f32((float) (1 - exact2))
                .f32((float) Math.log(exact2))
                .f32(eps)
                .f32(weightDecay)
                .run();
    }

    @Override
    public void stochasticDepthMask(Tensor mask, float dropProbability, long seed, int stream, StepState state) {
        int G = mask.dim(0);
        cuda.launch("random", "random_stochastic_depth_mask")
                .grid(StreamGrid.pieces(G, THREADS / WARP))
                .block(THREADS)
                .output(mask)
                .tensor(state.slots())
                .i32(G)
                .i32(mask.dim(1))
                .f32(dropProbability)
                .f32((float) (1 / (1 - decimal(dropProbability))))
                .i64(seed)
                .i32(stream)
                .run();
    }

    /** A float as the decimal it was written as: 1 − 0.999f would be off by a rounding of 0.999, a thousand of its own. */
    private static double decimal(float constant) {
        return Double.parseDouble(Float.toString(constant));
    }
}
