package org.blockrecurrent.tensor.backend.reference;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Where a kernel puts its results, each element once: overwritten, added to, or, if nobody asked, dropped. */
record Target(double[] values, boolean add) {
    static Target of(Into into) {
        return into == null ? new Target(null, false) : new Target(ReferenceStorage.values(into.tensor()), into.add());
    }

    static Target of(Tensor tensor) {
        return new Target(tensor == null ? null : ReferenceStorage.values(tensor), false);
    }

    void put(int i, double value) {
        if (values != null) {
            values[i] = add ? values[i] + value : value;
        }
    }

    void putAll(double[] results) {
        for (int i = 0; i < results.length; i++) {
            put(i, results[i]);
        }
    }
}
