package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.random.Philox;

final class ReferenceOptimizer implements OptimizerKernels {
    private static final double CLIP_EPS = 1e-6;

    @Override
    public void gradientNorm(StepState state, List<Tensor> gradients, float maxNorm) {
        double squares = 0;
        for (Tensor gradient : gradients) {
            for (double g : values(gradient)) {
                squares += g * g;
            }
        }
        double norm = Math.sqrt(squares);
        double clip = Double.isFinite(norm) ? Math.min(1, Decimal.of(maxNorm) / (norm + CLIP_EPS)) : 0;
        values(state.slots())[StepState.GRADIENT_NORM] = norm;
        values(state.slots())[StepState.CLIP] = clip;
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
        double clip = values(state.slots())[StepState.CLIP];
        if (clip == 0) {
            return;
        }
        double lr = Decimal.of((float) values(state.slots())[StepState.LEARNING_RATE]);
        double step = values(state.slots())[StepState.STEP];
        double b1 = Decimal.of(beta1);
        double b2 = Decimal.of(beta2);
        double mCorrection = 1 - Math.pow(b1, step);
        double vCorrection = 1 - Math.pow(b2, step);
        double kept = 1 - lr * Decimal.of(weightDecay);
        double exactEps = Decimal.of(eps);
        double[] p = values(parameter);
        for (int i = 0; i < p.length; i++) {
            double g = clip * values(gradient)[i];
            double mNew = b1 * values(m)[i] + (1 - b1) * g;
            double vNew = b2 * values(v)[i] + (1 - b2) * g * g;
            double mHat = mNew / mCorrection;
            double vHat = vNew / vCorrection;
            p[i] = kept * p[i] - lr * mHat / (Math.sqrt(vHat) + exactEps);
            values(m)[i] = mNew;
            values(v)[i] = vNew;
        }
        parameter.storage().touch();
    }

    @Override
    public void stochasticDepthMask(Tensor mask, float dropProbability, long seed, int stream, StepState state) {
        int D = mask.dim(1);
        int step = (int) values(state.slots())[StepState.STEP];
        double kept = 1 / (1 - Decimal.of(dropProbability));
        for (int i = 0; i < mask.size(); i++) {
            float draw = Philox.uniform(seed, stream, step, i / D);
            values(mask)[i] = draw < dropProbability ? 0 : kept;
        }
    }
}
