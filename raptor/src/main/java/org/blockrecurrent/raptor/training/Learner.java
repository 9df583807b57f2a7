package org.blockrecurrent.raptor.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.raptor.Surrogate;
import org.blockrecurrent.raptor.TrajectoryLoss;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.vit.Trajectory;

/**
 * One of the surrogates that a stage trains side by side: its parameters, its loss, its optimizer. Learners share the
 * teacher's trajectory of a batch and nothing else, so that each comes out the same whoever learns beside it.
 */
public final class Learner {
    private final String name;
    private final Surrogate surrogate;
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final TrajectoryLoss loss;
    private final Retention retention;
    private final AdamW optimizer;
    private final StepState state;
    private final Tensor lossSum;
    private int lossCount;

    /**
     * Its moments belong to the scope that is open now.
     *
     * @param name as the learning curve and the checkpoint call it
     * @param source what the surrogate took its parameters from
     * @param retention of a step of the rollout
     */
    public Learner(
            String name,
            Surrogate surrogate,
            ParameterSource source,
            TrajectoryLoss loss,
            AdamW.Config optimizer,
            Retention retention) {
        this.name = name;
        this.surrogate = surrogate;
        this.loss = loss;
        this.retention = retention;
        source.parameters().all().forEach(parameter -> parameters.put(parameter.name(), parameter.value()));
        this.optimizer = new AdamW(source.parameters().trainable(), everyParameter -> true, optimizer);
        state = new StepState(source.backend());
        lossSum = source.backend().zeros(Shape.of());
    }

    String name() {
        return name;
    }

    /**
     * One optimizer step on the teacher's trajectory of a batch. Nothing is read back from the device.
     *
     * @param step counted from 1
     * @param teacherForcing λ
     */
    public void step(Trajectory teacher, int step, float learningRate, double teacherForcing) {
        Backend backend = lossSum.backend();
        state.begin(step, learningRate, (float) teacherForcing);
        try (Scope scope = backend.openScope()) {
            Tensor batchLoss = loss.of(surrogate.unrolled(retention), teacher, state, teacherForcing);
            backend.elementwise().addInto(lossSum, batchLoss);
            optimizer.step(Backpropagation.from(batchLoss), state);
        }
        lossCount++;
    }

    /** Mean loss of the steps since the last call; NaN if there were none. Waits for the device. */
    public double takeMeanLoss() {
        double mean = lossSum.item() / lossCount;
        lossSum.backend().fill(lossSum.storage(), 0);
        lossCount = 0;
        return mean;
    }

    /** Sum of the losses since the last call of {@link #takeMeanLoss}. Waits for the device. */
    double unreportedLoss() {
        return lossSum.item();
    }

    /** Goes on from sums that an earlier run left. */
    void resume(double unreportedLoss, int steps) {
        lossSum.backend().fill(lossSum.storage(), (float) unreportedLoss);
        lossCount = steps;
    }

    /** Gradient norm of the last step, before clipping. Waits for the device. */
    public double gradientNorm() {
        return state.gradientNorm();
    }

    /** Parameters and moments by name, for a checkpoint. */
    Map<String, Tensor> state() {
        Map<String, Tensor> all = new LinkedHashMap<>(parameters);
        all.putAll(optimizer.state());
        return all;
    }

    /** The parameters by name. */
    public Map<String, Tensor> parameters() {
        return parameters;
    }

    /** Takes parameters and moments from a checkpoint, under the names of {@link #state}. */
    void restore(ParameterSource.Values values) {
        parameters.forEach((parameter, tensor) -> {
            tensor.backend().write(tensor.storage(), values.of(parameter, tensor.shape(), (v, shape, random) -> {}));
            tensor.storage().touch();
        });
        optimizer.restore(values);
    }
}
