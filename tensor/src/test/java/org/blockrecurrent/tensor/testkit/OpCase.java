package org.blockrecurrent.tensor.testkit;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;

/**
 * One op at one size: what it is given, what comes out, what it costs, how exact it has to be. The same case drives the
 * comparison with the reference, forward and backward, the gradient check, and benchmarks.
 *
 * @param label names op and sizes; the random values depend on it and on nothing else
 * @param op makes the output from the leaves, in the order of {@code inputs}
 * @param flops floating-point operations of the forward pass; the backward pass costs about twice as many
 */
public record OpCase(String label, List<Input> inputs, Shape output, Body op, long flops, Tolerance tolerance) {

    /** An op on given leaves, with its constants filled in. */
    @FunctionalInterface
    public interface Body {
        Tensor apply(List<Tensor> leaves);
    }

    /** Least traffic of the forward pass, in bytes of float: every input read once, the output written once. */
    public long bytes() {
        long elements = output.size();
        for (Input input : inputs) {
            elements += input.shape().size();
        }
        return Float.BYTES * elements;
    }

    /** The op applied twice to the same leaves, and added: every gradient has two contributions. */
    public OpCase twice() {
        return new OpCase(
                label + ", twice",
                inputs,
                output,
                leaves -> op.apply(leaves).add(op.apply(leaves)),
                2 * flops + output.size(),
                tolerance);
    }

    /** The same inputs, all of them constants. */
    public OpCase frozen() {
        return new OpCase(label, inputs.stream().map(Input::frozen).toList(), output, op, flops, tolerance);
    }

    @Override
    public String toString() {
        return label;
    }
}
