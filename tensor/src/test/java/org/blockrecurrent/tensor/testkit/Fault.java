package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

/** One value of one input of a case that is NaN or infinite, and what the reference makes of it. */
record Fault(OpCase opCase, String where, Drawn drawn, OpRun truth) {

    /** The value at the first, the middle and the last place of every input in turn. */
    static List<Fault> of(OpCase opCase, double value) {
        List<Fault> faults = new ArrayList<>();
        Drawn sound = Drawn.of(opCase);
        try (ReferenceBackend reference = new ReferenceBackend()) {
            for (int k = 0; k < opCase.inputs().size(); k++) {
                Input input = opCase.inputs().get(k);
                int size = input.exact() ? 0 : input.shape().size();
                for (int index : places(size)) {
                    Drawn drawn = sound.with(k, index, value);
                    String where = value + " at " + index + " of " + input.name();
                    faults.add(new Fault(opCase, where, drawn, OpRun.of(opCase, reference, drawn)));
                }
            }
        }
        return faults;
    }

    private static int[] places(int size) {
        return IntStream.of(0, size / 2, size - 1)
                .distinct()
                .filter(index -> index >= 0 && index < size)
                .toArray();
    }

    /** Fails unless the property holds of the same elements of all results, gradients included, as in the truth. */
    void requireSame(Backend backend, DoublePredicate property) {
        OpRun run = OpRun.of(opCase, backend, drawn);
        truth.results().forEach((name, values) -> {
            double[] got = run.get(name);
            for (int i = 0; i < values.length; i++) {
                if (property.test(got[i]) != property.test(values[i])) {
                    throw new AssertionError(String.format(
                            Locale.ROOT,
                            "%s with %s: element %d of %s is %s, expected %s",
                            opCase,
                            where,
                            i,
                            name,
                            got[i],
                            values[i]));
                }
            }
        });
    }
}
