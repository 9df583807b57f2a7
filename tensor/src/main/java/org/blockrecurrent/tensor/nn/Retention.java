package org.blockrecurrent.tensor.nn;

import java.util.List;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.op.RecomputeOp;

/** What a training step keeps of a block from its forward to its backward pass. Changes no bit of any result. */
public enum Retention {
    /** All that its derivative needs. */
    EVERYTHING,
    /** Its inputs only: the backward pass computes the rest again, block by block ({@link RecomputeOp}). */
    INPUTS;

    /** Runs a block. {@code inputs} are the tensors with a history that it uses, but for its parameters. */
    public Tensor of(List<Tensor> inputs, Supplier<Tensor> block) {
        return this == INPUTS ? RecomputeOp.forward(inputs, block) : block.get();
    }
}
