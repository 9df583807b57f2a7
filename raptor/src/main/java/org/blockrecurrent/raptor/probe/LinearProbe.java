package org.blockrecurrent.raptor.probe;

import java.util.Arrays;
import org.blockrecurrent.raptor.evaluation.ArgMax;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/**
 * A linear classifier on frozen features: how much of what the teacher knows can still be read off a surrogate's last
 * state. As published it starts from the teacher's own head where there is one, so that it can only adapt.
 *
 * <p>The published protocol picks the best epoch on the validation images; here the last one counts, so that the test
 * images choose nothing.
 */
public final class LinearProbe {
    private static final int EVALUATION_BATCH = 512;

    private final Backend backend;
    private final ParameterSource source;
    private final Linear linear;
    private final int width;

    private LinearProbe(Backend backend, ParameterSource source, int width, int classes) {
        this.backend = backend;
        this.source = source;
        this.width = width;
        linear = new Linear(width, classes, source);
    }

    /** A probe with fresh parameters, in the backend's current scope. */
    public static LinearProbe fresh(Backend backend, int width, int classes, long seed) {
        return new LinearProbe(backend, ParameterSource.fresh(backend, seed).at("head"), width, classes);
    }

    /** A probe that starts from the teacher's head, in the backend's current scope. */
    public static LinearProbe fromHead(Backend backend, VisionTransformer teacher) {
        if (teacher.config().classes() == 0) {
            throw new InvalidInputException("this teacher has no head to start a probe from");
        }
        if (teacher.config().pooling() == VitConfig.Pooling.CLS_AND_DISTILLATION) {
            throw new InvalidInputException("a distilled teacher has two heads; start from a fresh probe");
        }
        ParameterSource.Values ofTeacher = (name, shape, initializer) -> {
            Parameter parameter = teacher.parameters().get(name);
            return parameter == null
                    ? new float[shape.size()]
                    : parameter.value().toArray();
        };
        ParameterSource source = ParameterSource.of(backend, ofTeacher).at("head");
        return new LinearProbe(
                backend, source, teacher.config().pooledDim(), teacher.config().classes());
    }

    /** Trains on the features; returns this. The last images of an epoch that fill no batch are not shown in it. */
    public LinearProbe train(Features features, ProbeTraining training) {
        requireWidth(features);
        int B = Math.min(training.batchSize(), features.count());
        int perEpoch = features.count() / B;
        int steps = training.epochs() * perEpoch;
        WarmupCosine rate = new WarmupCosine(
                training.learningRate(), training.finalLearningRate(), steps, Math.min(training.warmupSteps(), steps));
        try (Scope run = backend.openScope()) {
            StepState state = new StepState(backend);
            AdamW optimizer = new AdamW(
                    source.parameters().trainable(),
                    everyParameter -> true,
                    AdamW.Config.of(training.weightDecay(), training.clipNorm()));
            Batch batch = new Batch(B, width);
            for (int step = 1; step <= steps; step++) {
                batch.fill(features, training.seed(), step - 1, perEpoch);
                state.begin(step, rate.at(step), 0);
                try (Scope scope = backend.openScope()) {
                    Tensor x = backend.tensor(Shape.of(B, width), batch.values);
                    Tensor labels = backend.tensor(Shape.of(B), batch.labels);
                    optimizer.step(Backpropagation.from(CrossEntropyOp.forward(linear.forward(x), labels, 0)), state);
                }
            }
        }
        return this;
    }

    /** Share of images whose largest logit is that of their class. */
    public double accuracy(Features features) {
        requireWidth(features);
        int right = 0;
        for (int from = 0; from < features.count(); from += EVALUATION_BATCH) {
            int to = Math.min(features.count(), from + EVALUATION_BATCH);
            try (Scope scope = backend.openScope()) {
                Tensor logits = linear.forward(backend.tensor(Shape.of(to - from, width), features.range(from, to)));
                int[] classes = ArgMax.ofRows(logits.toArray(), logits.dim(1));
                for (int i = 0; i < classes.length; i++) {
                    right += classes[i] == features.labels()[from + i] ? 1 : 0;
                }
            }
        }
        return (double) right / features.count();
    }

    private void requireWidth(Features features) {
        if (features.width() != width) {
            throw new InvalidInputException("the probe reads " + width + " features, got " + features.width());
        }
    }

    /** Host buffers, used again from step to step. */
    private static final class Batch {
        private static final int STREAM = Philox.streamOf("probe order");

        private final float[] values;
        private final float[] labels;
        private final int size;
        private int[] order = new int[0];
        private int epoch = -1;

        Batch(int size, int width) {
            this.size = size;
            values = new float[size * width];
            labels = new float[size];
        }

        void fill(Features features, long seed, int step, int perEpoch) {
            if (step / perEpoch != epoch) {
                epoch = step / perEpoch;
                order = new Philox(seed, STREAM, epoch).permutation(features.count());
            }
            int from = step % perEpoch * size;
            int[] images = Arrays.copyOfRange(order, from, from + size);
            features.gather(images, values);
            for (int i = 0; i < size; i++) {
                labels[i] = features.labels()[images[i]];
            }
        }
    }
}
