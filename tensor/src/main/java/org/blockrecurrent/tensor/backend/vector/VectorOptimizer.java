package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.random.Philox;

/** The update of the parameters, in ranges; the norm in blocks whose sums are added in double precision. */
final class VectorOptimizer implements OptimizerKernels {
    private final Resources resources;
    private final Lanes lanes;

    VectorOptimizer(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void gradientNorm(StepState state, List<Tensor> gradients, float maxNorm) {
        double squares = 0;
        for (Tensor gradient : gradients) {
            float[] g = read(gradient);
            squares += BlockSums.sum(resources, g.length, (from, n) -> squares(g, from, n));
        }
        double norm = Math.sqrt(squares);
        float[] slots = written(state.slots());
        slots[StepState.GRADIENT_NORM] = (float) norm;
        slots[StepState.CLIP] = Double.isFinite(norm) ? (float) Math.min(1, maxNorm / (norm + 1e-6)) : 0;
    }

    /** In double precision if the squares leave the range of single precision. */
    private double squares(float[] x, int from, int n) {
        float sum = lanes.dot(x, from, x, from, n);
        if (Float.isFinite(sum) && sum > Float.MIN_NORMAL) {
            return sum;
        }
        double exact = 0;
        for (int i = from; i < from + n; i++) {
            exact += (double) x[i] * x[i];
        }
        return exact;
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
        float[] slots = read(state.slots());
        float clip = slots[StepState.CLIP];
        if (clip == 0) {
            return;
        }
        AdamStep step = AdamStep.of(
                slots[StepState.LEARNING_RATE], (long) slots[StepState.STEP], clip, beta1, beta2, eps, weightDecay);
        float[] p = written(parameter);
        float[] g = read(gradient);
        float[] first = written(m);
        float[] second = written(v);
        resources.elements(p.length, (from, to) -> lanes.adamW(p, g, first, second, from, to - from, step));
    }

    @Override
    public void stochasticDepthMask(Tensor mask, float dropProbability, long seed, int stream, StepState state) {
        int D = mask.dim(1);
        int step = (int) read(state.slots())[StepState.STEP];
        float[] values = written(mask);
        float kept = (float) (1 / (1 - AdamStep.decimal(dropProbability)));
        for (int row = 0; row < mask.dim(0); row++) {
            boolean dropped = Philox.uniform(seed, stream, step, row) < dropProbability;
            Arrays.fill(values, row * D, (row + 1) * D, dropped ? 0 : kept);
        }
    }
}
