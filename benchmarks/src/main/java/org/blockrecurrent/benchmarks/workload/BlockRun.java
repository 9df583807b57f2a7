package org.blockrecurrent.benchmarks.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.LayerMap;

/** One recurrent block on one backend with its input. */
final class BlockRun implements Work.Run {
    private final Backend backend;
    private final Pass pass;
    private final Raptor raptor;
    private final Tensor input;
    private final Tensor cotangent;

    BlockRun(Backend backend, BlockSize size, Pass pass, ParameterSource.Values values) {
        this.backend = backend;
        this.pass = pass;
        ParameterSource source = ParameterSource.of(backend, values);
        ParameterSource parameters = pass == Pass.FORWARD ? source.frozen() : source;
        raptor = new Raptor(size.config(), Phases.endingAt(size.depth()), size.layout(), parameters);
        Shape shape = Shape.of(size.batch(), size.tokens(), size.dim());
        Tensor x = backend.tensor(shape, values.of(Work.INPUT + "x", shape, Initializer.normal(1)));
        input = pass == Pass.FORWARD ? x : x.tracked();
        cotangent = backend.tensor(shape, values.of(Work.INPUT + "cotangent", shape, Initializer.normal(1)));
    }

    @Override
    public double once() {
        try (Scope scope = backend.openScope()) {
            Tensor last = pass == Pass.FORWARD
                    ? forward()
                    : differentiate(forwardRecorded()).of(input);
            return last.mean().item();
        }
    }

    /** The output and, if they are computed, all gradients, by name. */
    @Override
    public Map<String, double[]> results() {
        try (Scope scope = backend.openScope()) {
            Map<String, double[]> results = new LinkedHashMap<>();
            if (pass == Pass.FORWARD) {
                results.put("output", forward().toDoubles());
                return results;
            }
            Tensor y = forwardRecorded();
            results.put("output", y.toDoubles());
            Gradients gradients = differentiate(y);
            results.put("gradient of the input", gradients.of(input).toDoubles());
            for (Parameter parameter : raptor.parameters().all()) {
                results.put(
                        "gradient of " + parameter.name(),
                        gradients.of(parameter).toDoubles());
            }
            return results;
        }
    }

    /** As in inference: one scope a layer, so that memory does not grow with depth. */
    private Tensor forward() {
        LayerMap block = raptor.unrolled();
        Tensor x = input;
        for (int layer = 1; layer <= block.layers(); layer++) {
            try (Scope inner = backend.openScope()) {
                x = inner.keep(block.step(x, layer));
            }
        }
        return x;
    }

    private Tensor forwardRecorded() {
        LayerMap block = raptor.unrolled();
        Tensor x = input;
        for (int layer = 1; layer <= block.layers(); layer++) {
            x = block.step(x, layer);
        }
        return x;
    }

    private Gradients differentiate(Tensor y) {
        Tensor dy = backend.empty(y.shape());
        backend.copy(dy.storage(), cotangent.storage());
        return Backpropagation.from(y, dy);
    }
}
