package org.blockrecurrent.tensor.autodiff;

import java.util.IdentityHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Tensor;

/** The gradients of one scalar with respect to the tracked leaves it was computed from, by identity of the leaf. */
public final class Gradients {
    private final Map<Tensor, Tensor> byLeaf;

    Gradients(Map<Tensor, Tensor> byLeaf) {
        this.byLeaf = new IdentityHashMap<>(byLeaf);
    }

    /** The gradient with respect to a tracked leaf, of the leaf's shape; null if the loss does not depend on it. */
    public Tensor of(Tensor leaf) {
        return byLeaf.get(leaf);
    }

    /** The gradient with respect to a parameter, of its shape; null if the loss does not depend on it. */
    public Tensor of(Parameter parameter) {
        return of(parameter.value());
    }
}
