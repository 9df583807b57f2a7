package org.blockrecurrent.tensor;

import java.util.List;
import org.blockrecurrent.tensor.autodiff.Op;
import org.blockrecurrent.tensor.op.AddOp;
import org.blockrecurrent.tensor.op.MeanOp;
import org.blockrecurrent.tensor.op.MultiplyOp;
import org.blockrecurrent.tensor.op.ReshapeOp;
import org.blockrecurrent.tensor.op.ScaleOp;
import org.blockrecurrent.tensor.op.SliceTokensOp;
import org.blockrecurrent.tensor.op.SumOp;

/**
 * An immutable handle on a row-major array of floats: its shape, its memory, the backend that owns the memory, and the
 * op that made it, if a gradient may be asked of it.
 *
 * <p>Methods that compute return a new tensor in the backend's current {@link Scope}; each is one line that names its
 * op, where formula and derivative stand. Everything else that can be computed is in {@code org.blockrecurrent.tensor.op}.
 */
public final class Tensor {
    private final Shape shape;
    private final Storage storage;
    private final Backend backend;
    private final Op op;
    private final boolean requiresGradient;

    private Tensor(Shape shape, Storage storage, Backend backend, Op op, boolean requiresGradient) {
        this.shape = shape;
        this.storage = storage;
        this.backend = backend;
        this.op = op;
        this.requiresGradient = requiresGradient;
    }

    static Tensor leaf(Shape shape, Storage storage, Backend backend) {
        return new Tensor(shape, storage, backend, null, false);
    }

    public Shape shape() {
        return shape;
    }

    /** Extent of an axis; negative axes count from the last. */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    public int size() {
        return shape.size();
    }

    public Backend backend() {
        return backend;
    }

    /** The memory; throws if it has been released. */
    public Storage storage() {
        storage.requireLive();
        return storage;
    }

    /** True once the memory has gone back to the pool. */
    public boolean isReleased() {
        return storage.isReleased();
    }

    /** The op that made this tensor, or null for a leaf and for anything that no gradient flows through. */
    public Op op() {
        return op;
    }

    /** True for tracked leaves and for everything computed from one. */
    public boolean requiresGradient() {
        return requiresGradient;
    }

    /** The same values as a leaf that gradients are computed for. */
    public Tensor tracked() {
        return asLeaf(true);
    }

    /** The same values without their history. */
    public Tensor detach() {
        return asLeaf(false);
    }

    /** Backpropagation frees what an op has made; a leaf that shares its memory holds on to it. */
    private Tensor asLeaf(boolean tracked) {
        if (op != null) {
            storage.retain();
        }
        return new Tensor(shape, storage, backend, null, tracked);
    }

    /**
     * Attaches the op that made this tensor, if one of its inputs requires a gradient. Otherwise what the op would have
     * kept for its backward pass is released at once: a frozen model records nothing. Of a tensor that has a history the op
     * takes its place.
     */
    public Tensor recordedBy(Op made) {
        if (requiresGradient || Op.tracks(made.inputs())) {
            return new Tensor(shape, storage, backend, made, true);
        }
        made.saved().forEach(saved -> saved.storage().release());
        return this;
    }

    /** The same memory under another shape; one more reference to it. */
    public Tensor sharedAs(Shape other) {
        storage.retain();
        return new Tensor(other, storage, backend, null, false);
    }

    /** Copies the values to the host. Waits for the device. */
    public float[] toArray() {
        float[] values = new float[size()];
        backend.read(storage(), values);
        return values;
    }

    /** Copies the values to the host, unrounded where the backend computes in double precision. */
    public double[] toDoubles() {
        double[] values = new double[size()];
        backend.read(storage(), values);
        return values;
    }

    /** The value of a one-element tensor. Waits for the device. */
    public double item() {
        if (size() != 1) {
            throw new ShapeException("item() needs a tensor of one element, got " + shape);
        }
        return toDoubles()[0];
    }

    /** {@code (…, S) + (S) → (…, S)}: the other tensor is broadcast over the leading axes. */
    public Tensor add(Tensor other) {
        return AddOp.forward(this, other);
    }

    /** {@code (…, S) ⊙ (S) → (…, S)}: the other tensor is broadcast over the leading axes. */
    public Tensor multiply(Tensor other) {
        return MultiplyOp.forward(this, other);
    }

    /** Every element times a constant. */
    public Tensor scale(float factor) {
        return ScaleOp.forward(this, factor);
    }

    /** The same values under another shape of the same size. */
    public Tensor reshape(int... dims) {
        return ReshapeOp.forward(this, Shape.of(dims));
    }

    /** {@code (B, N, D) → (B, to − from, D)}: tokens {@code from} (inclusive) to {@code to} (exclusive). */
    public Tensor tokens(int from, int to) {
        return SliceTokensOp.forward(this, from, to);
    }

    /** Sum of all elements, a scalar. */
    public Tensor sum() {
        return SumOp.forward(this);
    }

    /** Mean of all elements, a scalar. */
    public Tensor mean() {
        return MeanOp.forward(this);
    }

    /** Throws a {@link ShapeException} that shows both shapes unless this tensor has the given one; returns this. */
    public Tensor require(String name, int... dims) {
        Shape expected = Shape.of(dims);
        if (!shape.equals(expected)) {
            throw new ShapeException(name + ": expected " + expected + ", got " + shape);
        }
        return this;
    }

    /** Throws a {@link ShapeException} unless this tensor has the given number of axes; returns this. */
    public Tensor requireRank(String name, int rank, String letters) {
        if (shape.rank() != rank) {
            throw new ShapeException(name + ": expected " + letters + ", got " + shape);
        }
        return this;
    }

    /** Throws unless all tensors live on one backend. */
    public static void requireSameBackend(List<Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (tensor.backend != tensors.get(0).backend) {
                throw new InvalidInputException("tensors of two backends in one op: " + tensors.get(0) + " and "
                        + tensor + "; read the values of one and write them to the other's backend");
            }
        }
    }

    @Override
    public String toString() {
        return "Tensor" + shape + " on " + backend.name()
                + (op == null ? "" : " by " + op.getClass().getSimpleName());
    }
}
