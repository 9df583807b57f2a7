package org.blockrecurrent.benchmarks.workload;

import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.vit.StochasticDepth;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.training.TeacherTrainer;

/** A classifier that is trained on one batch, over and over. */
final class TrainingRun implements Work.Run {
    private static final float LEARNING_RATE = 1e-4f;
    private static final float WEIGHT_DECAY = 0.05f;
    private static final float CLIP_NORM = 1;
    private static final float LABEL_SMOOTHING = 0.1f;
    private static final int COMPARED_STEPS = 3;

    private final Backend backend;
    private final VisionTransformer model;
    private final StepState state;
    private final StochasticDepth keepAll;
    private final AdamW optimizer;
    private final Tensor images;
    private final Tensor labels;
    private int step;

    TrainingRun(Backend backend, TrainingWork work, ParameterSource.Values values) {
        this.backend = backend;
        VitConfig config = work.config();
        model = new VisionTransformer(config, ParameterSource.of(backend, values));
        state = new StepState(backend);
        keepAll = new StochasticDepth(0, 0, state);
        optimizer = new AdamW(
                model.parameters().trainable(), TeacherTrainer::decays, AdamW.Config.of(WEIGHT_DECAY, CLIP_NORM));
        Shape shape = Shape.of(work.batch(), config.channels(), config.imageHeight(), config.imageWidth());
        images = backend.tensor(shape, values.of(Work.INPUT + "images", shape, Initializer.normal(1)));
        Shape batch = Shape.of(work.batch());
        labels = backend.tensor(batch, values.of(Work.INPUT + "labels", batch, labels(config.classes())));
    }

    private static Initializer labels(int classes) {
        return (values, shape, random) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = (int) (classes * random.uniform(i));
            }
        };
    }

    @Override
    public double once() {
        try (Scope scope = backend.openScope()) {
            state.begin(++step, LEARNING_RATE, 0);
            Tensor loss = loss();
            optimizer.step(Backpropagation.from(loss), state);
            return loss.item();
        }
    }

    /** The gradients at the start, and the losses of the first steps, which depend on them and on the optimizer. */
    @Override
    public Map<String, double[]> results() {
        Map<String, double[]> results = new LinkedHashMap<>();
        try (Scope scope = backend.openScope()) {
            Gradients gradients = Backpropagation.from(loss());
            for (Parameter parameter : model.parameters().trainable()) {
                results.put(
                        "gradient of " + parameter.name(),
                        gradients.of(parameter).toDoubles());
            }
        }
        double[] losses = new double[COMPARED_STEPS];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = once();
        }
        results.put("losses", losses);
        return results;
    }

    private Tensor loss() {
        return CrossEntropyOp.forward(model.trainingLogits(images, keepAll), labels, LABEL_SMOOTHING);
    }
}
