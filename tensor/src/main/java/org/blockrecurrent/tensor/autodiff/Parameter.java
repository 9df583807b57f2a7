package org.blockrecurrent.tensor.autodiff;

import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;

/**
 * A named leaf: trainable or frozen. The name is its path in a checkpoint. An optimizer changes the values in place, so
 * every layer that holds the parameter sees the step; sharing the object is weight tying.
 */
public final class Parameter {
    private final String name;
    private final Tensor value;

    public Parameter(String name, Tensor value, boolean trainable) {
        this.name = name;
        this.value = trainable ? value.tracked() : value.detach();
        if (!trainable) {
            value.storage().makeConstant();
        }
    }

    public String name() {
        return name;
    }

    public Tensor value() {
        return value;
    }

    public Shape shape() {
        return value.shape();
    }

    public boolean isTrainable() {
        return value.requiresGradient();
    }

    @Override
    public String toString() {
        return name + value.shape() + (isTrainable() ? "" : " frozen");
    }
}
