package org.blockrecurrent.tensor.autodiff;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep: visits the recorded ops from the loss back to the leaves, each once, after all that used its
 * output, and adds up what they contribute.
 *
 * <p>The sweep consumes the graph. Once an op's backward pass is done, the gradient of its output, the output itself and
 * what the op had saved go back to the pool (if they belong to the innermost open scope): the peak of a training step
 * is reached at the end of the forward pass, or where parameters outweigh activations, with the last of their gradients. Keep
 * a value with {@code scope.keep} to read it afterwards.
 */
public final class Backpropagation implements GradientSink {
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();

    private Backpropagation() {}

    /** Gradients of a scalar loss with respect to every tracked leaf. */
    public static Gradients from(Tensor loss) {
        if (loss.size() != 1) {
            throw new ShapeException("backpropagation starts from a scalar, got " + loss.shape()
                    + "; give a cotangent to start from anything else");
        }
        Tensor one = loss.backend().empty(loss.shape());
        loss.backend().fill(one.storage(), 1);
        return from(loss, one);
    }

    /** Gradients of {@code Σ y ⊙ cotangent} with respect to every tracked leaf. The cotangent is consumed. */
    public static Gradients from(Tensor y, Tensor cotangent) {
        cotangent.require("cotangent", y.shape().dims());
        if (!y.requiresGradient()) {
            throw new IllegalArgumentException(y + " does not depend on any trainable parameter");
        }
        Backpropagation sweep = new Backpropagation();
        sweep.gradients.put(y, cotangent);
        sweep.visitAll(inOrderOfComputation(y, List.of()), y);
        return new Gradients(sweep.gradients);
    }

    @Override
    public void differentiate(Tensor y, Tensor dy, List<Tensor> from) {
        give(y, dy);
        visitAll(inOrderOfComputation(y, from), null);
    }

    private void visitAll(List<Tensor> order, @Nullable Tensor root) {
        for (int i = order.size() - 1; i >= 0; i--) {
            visit(order.get(i), root);
        }
    }

    private void visit(Tensor y, @Nullable Tensor root) {
        Tensor dy = gradients.remove(y);
        if (dy != null) {
            y.op().backward(dy, this);
            release(dy);
        }
        y.op().saved().forEach(Backpropagation::release);
        if (y != root) {
            release(y);
        }
    }

    @Override
    public Into into(Tensor input) {
        if (!needs(input)) {
            return null;
        }
        Tensor existing = gradients.get(input);
        if (existing != null) {
            return new Into(existing, true);
        }
        Tensor fresh = input.backend().empty(input.shape());
        gradients.put(input, fresh);
        return new Into(fresh, false);
    }

    @Override
    public void give(Tensor input, Tensor gradient) {
        if (!needs(input)) {
            return;
        }
        Tensor existing = gradients.get(input);
        if (existing == null) {
            gradients.put(input, gradient.sharedAs(input.shape()));
        } else {
            input.backend().elementwise().addInto(existing, gradient);
        }
    }

    /**
     * Recorded tensors such that each stands after those it was computed from, without the given ends and what lies behind
     * them; without recursion, for any depth.
     */
    private static List<Tensor> inOrderOfComputation(Tensor root, List<Tensor> ends) {
        List<Tensor> order = new ArrayList<>();
        Set<Tensor> entered = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Tensor> placed = Collections.newSetFromMap(new IdentityHashMap<>());
        entered.addAll(ends);
        placed.addAll(ends);
        Deque<Tensor> pending = new ArrayDeque<>();
        pending.push(root);
        while (!pending.isEmpty()) {
            Tensor y = pending.peek();
            if (y.op() == null) {
                pending.pop();
            } else if (entered.add(y)) {
                y.op().inputs().stream()
                        .filter(x -> x != null && x.op() != null && !entered.contains(x))
                        .forEach(pending::push);
            } else {
                pending.pop();
                if (placed.add(y)) {
                    order.add(y);
                }
            }
        }
        return order;
    }

    private static void release(Tensor tensor) {
        if (!tensor.isReleased() && tensor.backend().ownsInCurrentScope(tensor)) {
            Storage storage = tensor.storage();
            storage.release();
        }
    }
}
