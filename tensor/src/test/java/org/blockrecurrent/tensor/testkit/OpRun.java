package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

/** What a case computed on a backend: {@code y}, and {@code dNAME} for every tracked input. */
public record OpRun(Map<String, double[]> results) {

    /** Forward and backward, in a scope of their own. */
    public static OpRun of(OpCase opCase, Backend backend, Drawn drawn) {
        try (Scope scope = backend.openScope()) {
            List<Tensor> leaves = leaves(opCase, backend, drawn);
            Tensor y = opCase.op().apply(leaves);
            Map<String, double[]> results = new LinkedHashMap<>();
            results.put("y", y.require(opCase.label(), opCase.output().dims()).toDoubles());
            if (y.requiresGradient()) {
                Gradients gradients = Backpropagation.from(y, upload(backend, y.shape(), drawn.cotangent()));
                for (int k = 0; k < leaves.size(); k++) {
                    if (leaves.get(k).requiresGradient()) {
                        results.put(
                                "d" + opCase.inputs().get(k).name(),
                                gradients.of(leaves.get(k)).toDoubles());
                    }
                }
            }
            return new OpRun(results);
        }
    }

    /** The output alone. */
    public static double[] forward(OpCase opCase, Backend backend, Drawn drawn) {
        try (Scope scope = backend.openScope()) {
            return opCase.op().apply(leaves(opCase, backend, drawn)).toDoubles();
        }
    }

    public static List<Tensor> leaves(OpCase opCase, Backend backend, Drawn drawn) {
        List<Tensor> leaves = new ArrayList<>();
        for (int k = 0; k < opCase.inputs().size(); k++) {
            Input input = opCase.inputs().get(k);
            Tensor leaf = upload(backend, input.shape(), drawn.inputs().get(k));
            leaves.add(input.tracked() ? leaf.tracked() : leaf);
        }
        return leaves;
    }

    /** A tensor with the given values, rounded to float unless the backend computes in doubles. */
    public static Tensor upload(Backend backend, Shape shape, double[] values) {
        Tensor tensor = backend.empty(shape);
        if (backend instanceof ReferenceBackend reference) {
            reference.write(tensor.storage(), values);
        } else {
            backend.write(tensor.storage(), toFloats(values));
        }
        return tensor;
    }

    public static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    public double[] get(String name) {
        return results.get(name);
    }
}
