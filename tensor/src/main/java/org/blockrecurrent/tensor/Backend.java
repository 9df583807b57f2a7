package org.blockrecurrent.tensor;

import org.blockrecurrent.tensor.backend.AttentionKernels;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.NormKernels;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.ReduceKernels;
import org.blockrecurrent.tensor.backend.TokenKernels;

/**
 * An implementation of the kernels on some device, and the owner of its memory. The calculus lives above it, in the
 * ops: a backend computes, it never knows a graph.
 *
 * <p>A backend is driven by one thread. What it allocates belongs to the innermost open {@link Scope}; parameters, made
 * before any scope is opened, belong to the backend itself and go when it is closed.
 */
public abstract class Backend implements AutoCloseable {
    private Scope current = new Scope(this, null);

    /** {@code reference}, {@code vector} or {@code cuda}. */
    public abstract String name();

    /** One line for people: the device, its instruction set, the number of threads. */
    public abstract String description();

    public abstract ElementwiseKernels elementwise();

    public abstract MatmulKernels matmul();

    public abstract NormKernels norm();

    public abstract AttentionKernels attention();

    public abstract ReduceKernels reduce();

    public abstract TokenKernels tokens();

    public abstract LossKernels loss();

    public abstract OptimizerKernels optimizer();

    /** Memory for a tensor of this shape from the pool; its contents are arbitrary. */
    protected abstract Storage newStorage(Shape shape);

    /** Copies all values to the device. */
    public abstract void write(Storage target, float[] values);

    /** As {@link #write(Storage, float[])}, without rounding where the backend computes in double precision. */
    public void write(Storage target, double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        write(target, rounded);
    }

    /** Copies all values from the device, waiting for the kernels that make them. */
    public abstract void read(Storage source, float[] values);

    /** As {@link #read(Storage, float[])}, without rounding where the backend computes in double precision. */
    public abstract void read(Storage source, double[] values);

    /** Sets every element. */
    public abstract void fill(Storage target, float value);

    /** {@code target ← source}, of equal size. */
    public abstract void copy(Storage target, Storage source);

    /** Largest number of bytes that tensors have held at one time. */
    public abstract long peakBytes();

    /** Opens a lifetime inside the current one. Close it with try-with-resources. */
    public final Scope openScope() {
        current = new Scope(this, current);
        return current;
    }

    /** A tensor with arbitrary contents, to be written by a kernel. */
    public final Tensor empty(Shape shape) {
        Storage storage = newStorage(shape);
        current.adopt(storage);
        return Tensor.leaf(shape, storage, this);
    }

    public final Tensor empty(int... dims) {
        return empty(Shape.of(dims));
    }

    public final Tensor zeros(Shape shape) {
        Tensor y = empty(shape);
        fill(y.storage(), 0);
        return y;
    }

    /** A tensor with the given values, row-major. */
    public final Tensor tensor(Shape shape, float... values) {
        if (values.length != shape.size()) {
            throw new ShapeException("shape " + shape + " needs " + shape.size() + " values, got " + values.length);
        }
        Tensor y = empty(shape);
        write(y.storage(), values);
        return y;
    }

    /** A tensor with the given values, row-major, rounded to float unless the backend computes in double precision. */
    public final Tensor tensor(Shape shape, double[] values) {
        if (values.length != shape.size()) {
            throw new ShapeException("shape " + shape + " needs " + shape.size() + " values, got " + values.length);
        }
        Tensor y = empty(shape);
        write(y.storage(), values);
        return y;
    }

    /** True if the tensor's memory belongs to the innermost open scope: only such memory is released early. */
    public final boolean ownsInCurrentScope(Tensor tensor) {
        return tensor.storage().owner() == current;
    }

    /** Frees everything that was allocated. Tensors of this backend cannot be used any more. */
    @Override
    public void close() {
        while (current != null) {
            current.close();
        }
    }

    void leave(Scope scope) {
        if (scope != current) {
            throw new IllegalStateException("scopes must be closed in reverse order of opening");
        }
        current = scope.parent();
    }
}
