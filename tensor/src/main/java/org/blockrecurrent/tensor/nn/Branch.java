package org.blockrecurrent.tensor.nn;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.ScaleChannelsOp;

/** What a residual branch adds to the stream, computed apart from the fused sum for those who look. */
final class Branch {
    private Branch() {}

    /** Shows {@code scale ⊙ last(x)} under the given name; nothing is computed if nobody looks. */
    static void show(Trace trace, String name, Linear last, Tensor scale, Tensor x) {
        if (trace.looks()) {
            Tensor z = last.forward(x.detach());
            trace.see(name, scale == null ? z : ScaleChannelsOp.forward(z, scale));
        }
    }
}
