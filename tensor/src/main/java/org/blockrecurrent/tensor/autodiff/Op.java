package org.blockrecurrent.tensor.autodiff;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Tensor;

/**
 * One differentiable operation that has been carried out. Implementations are records whose components are what the
 * backward pass keeps alive; a static {@code forward} computes and records, {@link #backward} stands right below it.
 *
 * <p>An op is recorded if, and only if, an input requires a gradient.
 */
public interface Op {
    /** The tensors that this op was computed from. */
    List<Tensor> inputs();

    /** What forward computed only for the sake of backward; released as soon as backward is done. */
    default List<Tensor> saved() {
        return List.of();
    }

    /** Leaves the gradient of every input that needs one in {@code gradients}, given the gradient {@code dy} of the output. */
    void backward(Tensor dy, GradientSink gradients);

    /** The tensors that are there, in order: null stands for an operand that is absent. */
    static List<Tensor> present(Tensor... tensors) {
        return Stream.of(tensors).filter(Objects::nonNull).toList();
    }

    /** True if a gradient has to flow to one of the tensors. */
    static boolean tracks(List<Tensor> inputs) {
        return inputs.stream().anyMatch(Tensor::requiresGradient);
    }
}
