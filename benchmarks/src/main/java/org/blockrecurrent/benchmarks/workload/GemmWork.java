package org.blockrecurrent.benchmarks.workload;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.LinearOp;

/** {@code (M, K) (N, K)ᵀ → (M, N)}: a linear layer without bias, its weight constant, as in inference. */
public record GemmWork(int m, int k, int n) implements Work {
    private static final int SLICE_ROWS = 7;

    @Override
    public Run open(Backend backend, ParameterSource.Values values) {
        Initializer normal = Initializer.normal(1);
        Tensor weight = ParameterSource.of(backend, values).frozen().take("weight", normal, n, k);
        Shape shape = Shape.of(m, k);
        Tensor x = backend.tensor(shape, values.of(INPUT + "x", shape, normal));
        return new Run() {
            /** The product alone: on a device that computes behind the host's back, one value of it is waited for. */
            @Override
            public double once() {
                try (Scope scope = backend.openScope()) {
                    Tensor y = LinearOp.forward(x, weight, null);
                    return backend.name().equals("vector") ? y.size() : y.mean().item();
                }
            }

            @Override
            public Map<String, double[]> results() {
                try (Scope scope = backend.openScope()) {
                    return Map.of("output", LinearOp.forward(x, weight, null).toDoubles());
                }
            }
        };
    }

    @Override
    public double flops() {
        return 2.0 * m * k * n;
    }

    @Override
    public int images() {
        return 0;
    }

    @Override
    public int terms() {
        return k;
    }

    @Override
    public Work slice() {
        return new GemmWork(Math.min(m, SLICE_ROWS), k, n);
    }
}
