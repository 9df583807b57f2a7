package org.blockrecurrent.benchmarks.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.AttentionOp;

/** Attention without its projections: {@code (B, N, 3D) → (B, N, D)}. */
public record AttentionWork(int batch, int tokens, int dim, int heads, Pass pass) implements Work {
    @Override
    public Run open(Backend backend, ParameterSource.Values values) {
        Tensor qkv = input(backend, values, "qkv", 3 * dim);
        Tensor x = pass == Pass.FORWARD ? qkv : qkv.tracked();
        Tensor cotangent = input(backend, values, "cotangent", dim);
        return new AttentionRun(backend, x, cotangent, heads, pass);
    }

    private Tensor input(Backend backend, ParameterSource.Values values, String name, int width) {
        Shape shape = Shape.of(batch, tokens, width);
        return backend.tensor(shape, values.of(INPUT + name, shape, Initializer.normal(1)));
    }

    private record AttentionRun(Backend backend, Tensor qkv, Tensor cotangent, int heads, Pass pass) implements Run {
        @Override
        public double once() {
            try (Scope scope = backend.openScope()) {
                Tensor y = AttentionOp.forward(qkv, heads);
                return (pass == Pass.FORWARD ? y : gradient(y)).mean().item();
            }
        }

        @Override
        public Map<String, double[]> results() {
            try (Scope scope = backend.openScope()) {
                Map<String, double[]> results = new LinkedHashMap<>();
                Tensor y = AttentionOp.forward(qkv, heads);
                results.put("output", y.toDoubles());
                if (pass == Pass.FORWARD_AND_BACKWARD) {
                    results.put("gradient of the input", gradient(y).toDoubles());
                }
                return results;
            }
        }

        private Tensor gradient(Tensor y) {
            Tensor dy = backend.empty(y.shape());
            backend.copy(dy.storage(), cotangent.storage());
            return Backpropagation.from(y, dy).of(qkv);
        }
    }

    @Override
    public double flops() {
        double forward = 4.0 * batch * tokens * tokens * dim;
        return pass == Pass.FORWARD ? forward : 3 * forward;
    }

    @Override
    public int images() {
        return batch;
    }

    @Override
    public int terms() {
        return Math.max(tokens, dim / heads);
    }

    @Override
    public Work slice() {
        return new AttentionWork(Math.min(batch, 2), Math.min(tokens, 9), dim, heads, pass);
    }
}
