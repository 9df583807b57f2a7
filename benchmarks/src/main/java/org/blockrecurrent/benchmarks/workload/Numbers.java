package org.blockrecurrent.benchmarks.workload;

import java.util.function.DoubleUnaryOperator;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.random.Philox;

/** Parameters and inputs of a work, drawn by their names: the same name, the same numbers, on every device. */
public final class Numbers implements ParameterSource.Values {
    private static final long SEED = 0;

    private final DoubleUnaryOperator change;

    private Numbers(DoubleUnaryOperator change) {
        this.change = change;
    }

    public static Numbers drawn() {
        return changed(value -> value);
    }

    /** With every number but a cotangent and a label changed in the same way. */
    static Numbers changed(DoubleUnaryOperator change) {
        return new Numbers(change);
    }

    @Override
    public float[] of(String name, Shape shape, Initializer initializer) {
        float[] values = new float[shape.size()];
        initializer.fill(values, shape, Philox.stream(SEED, name));
        if (!name.equals(Work.INPUT + "cotangent") && !name.equals(Work.INPUT + "labels")) {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) change.applyAsDouble(values[i]);
            }
        }
        return values;
    }
}
