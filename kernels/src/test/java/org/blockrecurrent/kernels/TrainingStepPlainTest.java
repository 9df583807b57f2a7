package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.blockrecurrent.kernels.driver.OutOfDeviceMemoryException;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.tensor.nn.SelfAttention;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.TokenMseOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.junit.jupiter.api.Test;

/** What a step of training may ask of the device: nothing that waits, nothing that allocates, and no disorder when it fails. */
class TrainingStepPlainTest extends OnEmulatedBackend {
    private static final int TOKENS = 5;
    private static final int CHANNELS = 16;
    private static final int HEADS = 2;

    /** A transformer block, trained to halve its input: attention, MLP, layer norms, loss, clipping, AdamW. */
    private static final class Model {
        private final Backend backend;
        private final Retention retention;
        private final LayerNorm norm1;
        private final SelfAttention attention;
        private final LayerNorm norm2;
        private final Mlp mlp;
        private final AdamW optimizer;
        private final StepState state;
        private int step;

        Model(Backend backend) {
            this(backend, Retention.EVERYTHING);
        }

        Model(Backend backend, Retention retention) {
            this.backend = backend;
            this.retention = retention;
            ParameterSource source = ParameterSource.fresh(backend, 1);
            norm1 = new LayerNorm(CHANNELS, 1e-6f, source.at("norm1"));
            attention = new SelfAttention(
                    new Linear(CHANNELS, 3 * CHANNELS, source.at("qkv")),
                    new Linear(CHANNELS, CHANNELS, source.at("proj")),
                    HEADS);
            norm2 = new LayerNorm(CHANNELS, 1e-6f, source.at("norm2"));
            mlp = new Mlp(
                    Mlp.Kind.SWIGLU,
                    new Linear(CHANNELS, 4 * CHANNELS, source.at("fc1")),
                    new Linear(2 * CHANNELS, CHANNELS, source.at("fc2")));
            optimizer = new AdamW(source.parameters().trainable(), AdamW::isMatrix, AdamW.Config.of(0, 1));
            state = new StepState(backend);
        }

        void step(Tensor x) {
            state.begin(++step, 1e-2f, 0);
            try (Scope scope = backend.openScope()) {
                optimizer.step(Backpropagation.from(loss(x)), state);
            }
        }

        Tensor loss(Tensor x) {
            Tensor y = retention.of(List.of(x), () -> block(x));
            return TokenMseOp.forward(y, x.scale(0.5f), List.of(new TokenSpan("all", 0, TOKENS, 1)));
        }

        private Tensor block(Tensor x) {
            Tensor mixed = attention.residual(x, null, norm1.forward(x), Trace.NONE);
            return mlp.residual(mixed, null, norm2.forward(mixed), Trace.NONE);
        }

        double lossNow(Tensor x) {
            try (Scope scope = backend.openScope()) {
                return loss(x).item();
            }
        }
    }

    private static Tensor images(Backend backend, int batch) {
        float[] values = new float[batch * TOKENS * CHANNELS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        return backend.tensor(Shape.of(batch, TOKENS, CHANNELS), values);
    }

    @Test
    void a_step_makes_the_host_wait_for_nothing() {
        device.configure("deferred=on");
        try (CudaBackend backend = open()) {
            Model model = new Model(backend);
            Tensor x = images(backend, 2);
            double before = model.lossNow(x);
            device.resetCalls();
            for (int i = 0; i < 3; i++) {
                model.step(x);
            }
            assertThat(waits()).isZero();
            assertThat(calls("cuLaunchKernel")).isGreaterThan(3 * 10);
            assertThat(model.lossNow(x)).isLessThan(before);
            assertThat(waits()).isEqualTo(1);
        }
    }

    @Test
    void a_step_that_repeats_allocates_nothing() {
        try (CudaBackend backend = open()) {
            Model model = new Model(backend);
            Tensor x = images(backend, 2);
            model.step(x);
            long fresh = backend.freshBlocks();
            long peak = backend.peakBytes();
            device.resetCalls();
            model.step(x);
            assertThat(backend.freshBlocks()).isEqualTo(fresh);
            assertThat(backend.peakBytes()).isEqualTo(peak);
            assertThat(calls("cuMemAlloc_v2") + calls("cuMemFree_v2") + calls("cuMemHostAlloc"))
                    .isZero();
        }
    }

    @Test
    void exhausted_memory_in_the_middle_of_a_step_leaves_a_backend_that_goes_on() {
        double[] expected;
        try (CudaBackend roomy = open()) {
            expected = losses(new Model(roomy), images(roomy, 2));
        }
        device.configure("memory=8m");
        try (CudaBackend backend = open()) {
            Model model = new Model(backend);
            Tensor large = images(backend, 4096);
            Tensor small = images(backend, 2);
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThatThrownBy(() -> model.step(large))
                        .isInstanceOf(OutOfDeviceMemoryException.class)
                        .hasMessageContainingAll("(4096, 5, ", "from 4096 to at most", "nvidia-smi");
                model.step = 0;
            }
            assertThat(losses(model, small)).isEqualTo(expected);
        }
        assertThat(device.report()).isEmpty();
    }

    @Test
    void a_step_that_computes_its_block_again_has_the_same_bits() {
        double[] expected;
        try (CudaBackend backend = open()) {
            expected = losses(new Model(backend), images(backend, 3));
        }
        try (CudaBackend backend = open()) {
            assertThat(losses(new Model(backend, Retention.INPUTS), images(backend, 3)))
                    .isEqualTo(expected);
        }
        assertThat(device.report()).isEmpty();
    }

    private static double[] losses(Model model, Tensor x) {
        double[] losses = new double[3];
        for (int i = 0; i < losses.length; i++) {
            model.step(x);
            losses[i] = model.lossNow(x);
        }
        return losses;
    }

    @Test
    void closing_the_backend_frees_all_that_a_step_has_allocated() {
        try (CudaBackend backend = open()) {
            Model model = new Model(backend);
            model.step(images(backend, 3));
        }
        assertThat(calls("cuMemAlloc_v2")).isPositive().isEqualTo(calls("cuMemFree_v2"));
        assertThat(device.report()).isEmpty();
    }

    @Test
    void two_runs_give_the_same_bits_in_whatever_order_threads_run() {
        double[] forward = lossesInOrder("order=forward");
        assertThat(lossesInOrder("order=reverse")).isEqualTo(forward);
        assertThat(lossesInOrder("order=random seed=7")).isEqualTo(forward);
    }

    private double[] lossesInOrder(String order) {
        device.configure(order);
        try (CudaBackend backend = open()) {
            return losses(new Model(backend), images(backend, 3));
        }
    }
}
