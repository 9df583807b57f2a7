package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.Panels.Form;

/**
 * Brings right operands into panels, and keeps the panels of weights: a block that is applied L times, or to many batches,
 * is packed once.
 *
 * <p>Kept is what outlives the innermost open scope, as parameters do and activations do not; the copy is dropped when
 * the tensor is written (its version changes) or released. Of a frozen weight nothing else is kept (see {@link
 * HeapStorage}).
 */
final class Packing {
    private final Resources resources;
    private final int width;

    Packing(Resources resources) {
        this.resources = resources;
        width = resources.gemm().width();
    }

    /** Panels of a weight; hand them back to {@link #done}. */
    Panels weight(Tensor weight, Form form) {
        HeapStorage storage = (HeapStorage) weight.storage();
        Panels kept = storage.packed(form);
        if (kept != null) {
            return kept;
        }
        Panels packed = pack(weight, form);
        if (storage.isConstant() || !weight.backend().ownsInCurrentScope(weight)) {
            storage.keep(packed);
        }
        return packed;
    }

    /** Panels of an activation (K, N); hand them back to {@link #done}. */
    Panels activation(Tensor x) {
        return pack(x, Form.PLAIN);
    }

    /** Gives panels of {@code of} back to the pool unless they are kept. */
    void done(Panels panels, Tensor of) {
        HeapStorage storage = (HeapStorage) of.storage();
        if (storage.packed(panels.form()) != panels) {
            resources.pool().give(panels.values());
        }
    }

    private Panels pack(Tensor w, Form form) {
        boolean plain = form == Form.PLAIN;
        int sections = form == Form.TRANSPOSED_HALVES ? 2 : 1;
        int rows = w.shape().rows();
        int row = w.shape().last();
        int K = plain ? rows : row;
        int N = (plain ? row : rows) / sections;
        int perSection = (N + width - 1) / width;
        float[] from = HeapStorage.read(w);
        float[] to = resources.pool().take(Math.multiplyExact(sections * perSection, Panels.step(width, K)));
        Panels panels = new Panels(form, to, width, K);
        resources.chunks(sections * perSection, 64L * K * N * sections, (chunk, member) -> {
            int n = chunk % perSection * width;
            int columns = Math.min(width, N - n);
            int at = panels.at(chunk, 0);
            if (plain) {
                Panels.packPlain(resources.lanes(), to, at, width, from, n, row, columns, K);
            } else {
                int first = (chunk / perSection * N + n) * row;
                Panels.packTransposed(resources.lanes(), to, at, width, from, first, row, columns, K);
            }
        });
        return panels;
    }
}
