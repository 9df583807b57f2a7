package org.blockrecurrent.raptor.verify;

import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.nn.Parameters;

/**
 * One golden file, what it is compared with, and where the outcome goes.
 *
 * @param name what the names of its checks begin with, such as {@code block/gelu_plain}
 * @param heads of attention, which no file says
 */
record Case(String name, Path folder, Backend backend, int heads, Checks checks) {
    /** The double run is the reference; the float run tells how far floats may be from it. */
    static final List<String> PRECISIONS = List.of("f64", "f32");

    private static final String KEY_BIAS = "attn.in_proj_bias";

    Path file(String ending) {
        return folder.resolve(name + ending);
    }

    Tolerances tolerances(String precision) {
        return Tolerances.of(backend).against(precision);
    }

    String name(String key) {
        return name + ", " + key;
    }

    /** Compares a key if the file has it: files may hold one precision alone. */
    void compare(GoldenTensors golden, String key, double[] got, double share) {
        if (golden.has(key)) {
            checks.compare(name(key), got, golden.doubles(key), share);
        }
    }

    /** Compares the gradients of all parameters with the keys under a prefix, if there are any. */
    void gradients(GoldenTensors golden, String prefix, Gradients gradients, Parameters parameters, double share) {
        if (golden.under(prefix).isEmpty()) {
            return;
        }
        checks.same(
                name(prefix + "…"),
                parameters.all().stream().map(Parameter::name).toList(),
                golden.under(prefix));
        for (Parameter parameter : parameters.all()) {
            String key = prefix + parameter.name();
            double[] got = gradients.of(parameter).toDoubles();
            checks.compare(name(key), withoutKeyBias(key, got), withoutKeyBias(key, golden.doubles(key)), share);
        }
    }

    /**
     * The values without the bias of the keys. Softmax ignores it, so its true gradient is zero and what is stored is rounding
     * noise, from which Adam makes steps of up to the learning rate.
     */
    static double[] withoutKeyBias(String parameter, double[] values) {
        if (!parameter.endsWith(KEY_BIAS)) {
            return values;
        }
        int third = values.length / 3;
        double[] kept = new double[2 * third];
        System.arraycopy(values, 0, kept, 0, third);
        System.arraycopy(values, 2 * third, kept, third, third);
        return kept;
    }

    /** That every value of the file was an input or was compared. */
    void allUsed(GoldenTensors golden) {
        checks.same(name("values that nothing is known of"), List.of(), golden.unused());
    }
}
