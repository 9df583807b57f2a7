package org.blockrecurrent.tensor.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.ParameterSource;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, <i>Decoupled weight decay regularization</i>, ICLR 2019), after
 * the norm of all gradients together has been clipped. The update is written out at {@link OptimizerKernels#adamW}.
 *
 * <p>Learning rate and step number come from the {@link StepState}. A parameter that the loss does not depend on is left
 * alone; if the gradient norm is not finite, all are.
 */
public final class AdamW {
    private static final String M = "optimizer.m.";
    private static final String V = "optimizer.v.";

    private final Backend backend;
    private final Config config;
    private final List<Slot> slots = new ArrayList<>();

    /** A parameter with its moments. */
    private record Slot(Parameter parameter, Tensor m, Tensor v, float weightDecay) {}

    /**
     * @param beta1 decay of the mean of the gradient, in [0, 1)
     * @param beta2 decay of the mean of its square, in [0, 1)
     * @param eps added to the root of the latter, so that it is never divided by zero
     * @param weightDecay share of a decaying parameter that a step of learning rate 1 would take away
     * @param maxGradientNorm the gradient is scaled down to this norm where it is longer; infinity for no clipping
     */
    public record Config(float beta1, float beta2, float eps, float weightDecay, float maxGradientNorm) {
        public Config {
            requireRange("beta1", beta1, beta1 >= 0 && beta1 < 1, "in [0, 1)");
            requireRange("beta2", beta2, beta2 >= 0 && beta2 < 1, "in [0, 1)");
            requireRange("eps", eps, eps > 0 && Float.isFinite(eps), "above 0");
            requireRange("weightDecay", weightDecay, weightDecay >= 0 && Float.isFinite(weightDecay), "at least 0");
            requireRange("maxGradientNorm", maxGradientNorm, maxGradientNorm > 0, "above 0");
        }

        /** β₁ = 0.9, β₂ = 0.999, eps = 1e-8, PyTorch's defaults. */
        public static Config of(float weightDecay, float maxGradientNorm) {
            return new Config(0.9f, 0.999f, 1e-8f, weightDecay, maxGradientNorm);
        }

        private static void requireRange(String name, float value, boolean inRange, String range) {
            if (!inRange) {
                throw new InvalidInputException(name + " must be " + range + ", got " + value);
            }
        }
    }

    /**
     * An optimizer of the trainable ones among the parameters; {@code decays} says on which of them weight decay acts. Its
     * moments start at 0 and belong to the scope that is open now: construct it before the scope of the first step.
     */
    public AdamW(List<Parameter> parameters, Predicate<Parameter> decays, Config config) {
        this.config = config;
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException("two parameters are called " + parameter.name());
            }
            if (parameter.isTrainable()) {
                slots.add(slot(parameter, decays.test(parameter)));
            }
        }
        if (slots.isEmpty()) {
            throw new InvalidInputException("none of the " + parameters.size() + " parameters is trainable");
        }
        backend = slots.get(0).parameter().value().backend();
    }

    /** True for weights: parameters of two axes or more. Biases, norms and layer scales do not decay. */
    public static boolean isMatrix(Parameter parameter) {
        return parameter.shape().rank() >= 2;
    }

    /**
     * Moves the parameters by one step. {@link StepState#begin} must have set its number and learning rate; it receives the
     * gradient norm, and whether the step was skipped.
     */
    public void step(Gradients gradients, StepState state) {
        List<Tensor> present = new ArrayList<>();
        for (Slot slot : slots) {
            Tensor gradient = gradients.of(slot.parameter());
            if (gradient != null) {
                present.add(gradient);
            }
        }
        if (present.isEmpty()) {
            throw new IllegalStateException("the loss depends on none of the parameters of this optimizer");
        }
        backend.optimizer().gradientNorm(state, present, config.maxGradientNorm());
        for (Slot slot : slots) {
            update(slot, gradients.of(slot.parameter()), state);
        }
    }

    /** The moments by name, {@code optimizer.m.NAME} and {@code optimizer.v.NAME}, for a checkpoint. */
    public Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Slot slot : slots) {
            state.put(M + slot.parameter().name(), slot.m());
            state.put(V + slot.parameter().name(), slot.v());
        }
        return state;
    }

    /** Takes the moments from a checkpoint, under the names of {@link #state}. */
    public void restore(ParameterSource.Values values) {
        state().forEach((name, moment) ->
                backend.write(moment.storage(), values.of(name, moment.shape(), (v, shape, random) -> {})));
    }

    private Slot slot(Parameter parameter, boolean decays) {
        Backend owner = parameter.value().backend();
        return new Slot(
                parameter,
                owner.zeros(parameter.shape()),
                owner.zeros(parameter.shape()),
                decays ? config.weightDecay() : 0);
    }

    private void update(Slot slot, Tensor gradient, StepState state) {
        if (gradient == null) {
            return;
        }
        Tensor value = slot.parameter().value();
        backend.optimizer()
                .adamW(
                        value,
                        gradient,
                        slot.m(),
                        slot.v(),
                        state,
                        config.beta1(),
                        config.beta2(),
                        config.eps(),
                        slot.weightDecay());
        value.storage().touch(); // a copy that the backend keeps packed is stale now
    }
}
