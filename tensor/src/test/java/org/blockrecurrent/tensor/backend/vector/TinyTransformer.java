package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.random.Philox;

/** A stack of pre-norm blocks with LayerScale, and a training step on the mean of its squared output. */
final class TinyTransformer {
    private final Backend backend;
    private final int heads;
    private final ParameterSource source;
    private final List<Block> blocks = new ArrayList<>();
    private final List<Tensor> moments = new ArrayList<>();
    private final StepState state;
    private final Tensor x;
    private int step;

    private record Block(
            LayerNorm norm1,
            Linear qkv,
            Linear proj,
            Tensor gamma1,
            LayerNorm norm2,
            Linear fc1,
            Linear fc2,
            Tensor gamma2) {}

    TinyTransformer(Backend backend, int depth, int D, int heads, int hidden, int B, int N, boolean swiGlu) {
        this.backend = backend;
        this.heads = heads;
        source = ParameterSource.fresh(backend, 7);
        state = new StepState(backend);
        for (int i = 0; i < depth; i++) {
            ParameterSource at = source.at(i);
            blocks.add(new Block(
                    new LayerNorm(D, 1e-6f, at.at("norm1")),
                    new Linear(D, 3 * D, at.at("qkv")),
                    new Linear(D, D, at.at("proj")),
                    at.take("gamma1", Initializer.constant(1), 1, D),
                    new LayerNorm(D, 1e-6f, at.at("norm2")),
                    new Linear(D, swiGlu ? 2 * hidden : hidden, at.at("fc1")),
                    new Linear(hidden, D, at.at("fc2")),
                    at.take("gamma2", Initializer.constant(1), 1, D)));
        }
        for (Parameter parameter : source.parameters().all()) {
            moments.add(backend.zeros(parameter.shape()));
            moments.add(backend.zeros(parameter.shape()));
        }
        float[] values = new float[B * N * D];
        Philox random = Philox.stream(3, "x");
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.normal(i);
        }
        x = backend.tensor(Shape.of(B, N, D), values);
        this.swiGlu = swiGlu;
    }

    private final boolean swiGlu;

    Tensor forward() {
        Tensor y = x;
        for (Block block : blocks) {
            Tensor attended =
                    AttentionOp.forward(block.qkv().forward(block.norm1().forward(y)), heads);
            y = block.proj().residual(y, block.gamma1(), attended);
            Tensor normed = block.norm2().forward(y);
            Tensor hidden = swiGlu ? block.fc1().swiGlu(normed) : block.fc1().activation(normed, Activation.GELU);
            y = block.fc2().residual(y, block.gamma2(), hidden);
        }
        return y;
    }

    /** Forward, backward, clipped AdamW; returns the loss. */
    double trainingStep() {
        step++;
        state.begin(step, 1e-3f, 0);
        try (Scope scope = backend.openScope()) {
            Tensor y = forward();
            Tensor loss = y.multiply(y).mean();
            double value = loss.item();
            Gradients gradients = Backpropagation.from(loss);
            List<Tensor> all = new ArrayList<>();
            for (Parameter parameter : source.parameters().all()) {
                all.add(gradients.of(parameter));
            }
            backend.optimizer().gradientNorm(state, all, 1);
            int i = 0;
            for (Parameter parameter : source.parameters().all()) {
                backend.optimizer()
                        .adamW(
                                parameter.value(),
                                all.get(i),
                                moments.get(2 * i),
                                moments.get(2 * i + 1),
                                state,
                                0.9f,
                                0.999f,
                                1e-8f,
                                0.05f);
                i++;
            }
            return value;
        }
    }

    /** All parameters, one after the other. */
    List<float[]> parameters() {
        return source.parameters().all().stream()
                .map(parameter -> parameter.value().toArray())
                .toList();
    }
}
