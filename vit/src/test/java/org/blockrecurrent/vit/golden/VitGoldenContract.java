package org.blockrecurrent.vit.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Parameters;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.tensor.testkit.Golden;
import org.blockrecurrent.tensor.testkit.OpRun;
import org.blockrecurrent.tensor.testkit.Tolerance;
import org.blockrecurrent.vit.StochasticDepth;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.training.TeacherTrainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models, single blocks and optimizer steps against the official PyTorch code, for one backend. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class VitGoldenContract {
    private static final float EPS = 1e-6f;
    private static final float[] LEARNING_RATES = {0.001f, 0.002f, 0.003f};

    private static final Map<String, VitConfig> MODELS = Map.of(
            "hub_dinov2", new VitConfig(3, 56, 56, 14, 32, 4, 2, 128, Mlp.Kind.GELU, 0, 1, EPS, 0, 0, Pooling.CLS),
            "hub_dinov2_reg4", new VitConfig(3, 56, 56, 14, 32, 4, 2, 128, Mlp.Kind.GELU, 4, 1, EPS, 0, 0, Pooling.CLS),
            "hub_dinov2_swiglu",
                    new VitConfig(3, 56, 56, 14, 32, 3, 2, 88, Mlp.Kind.SWIGLU, 0, 1, EPS, 0, 0, Pooling.CLS),
            "timm_vit", new VitConfig(3, 32, 32, 8, 32, 3, 2, 128, Mlp.Kind.GELU, 0, 0, EPS, 0, 10, Pooling.CLS));

    private Backend backend;
    private GoldenReport report;

    protected abstract Backend open();

    protected abstract Tolerance tolerance();

    @BeforeAll
    void openBackend() {
        backend = open();
        report = new GoldenReport(backend.name(), tolerance());
    }

    @AfterAll
    void writeReport() {
        report.write();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hub_dinov2", "hub_dinov2_reg4", "hub_dinov2_swiglu", "timm_vit"})
    void a_model_equals_the_official_one_at_every_layer(String name) {
        Golden golden = golden(name);
        VitConfig config = MODELS.get(name);
        try (Scope scope = backend.openScope()) {
            VisionTransformer model =
                    new VisionTransformer(config, source(golden, "model.").frozen());
            Tensor images = tensor(golden, "pixels");
            Trajectory trajectory = Trajectory.of(model, model.embed(images));
            report.require(name, golden, "embed", trajectory.state(0).toDoubles());
            for (int layer = 1; layer <= model.layers(); layer++) {
                report.require(
                        name,
                        golden,
                        "block." + (layer - 1),
                        trajectory.state(layer).toDoubles());
            }
            assertThat(golden.has("block." + model.layers()))
                    .as("layers left over")
                    .isFalse();
            requireReadouts(name, golden, model, trajectory.state(model.layers()));
            if (config.classes() > 0) {
                report.require(name, golden, "logits", model.logits(images).toDoubles());
            }
        }
    }

    private void requireReadouts(String name, Golden golden, VisionTransformer model, Tensor last) {
        TokenLayout layout = model.layout();
        int D = model.config().embedDim();
        Tensor normed = model.norm(last);
        report.require(name, golden, "norm", normed.toDoubles());
        report.require(name, golden, "cls", model.pool(last, Pooling.CLS).toDoubles());
        double[] both = model.pool(last, Pooling.CLS_AND_MEAN_PATCH).toDoubles();
        report.require(name, golden, "mean_patch", secondHalves(both, D));
        if (layout.count(TokenGroup.REGISTERS) > 0) {
            Tensor registers = normed.tokens(layout.from(TokenGroup.REGISTERS), layout.to(TokenGroup.REGISTERS));
            report.require(name, golden, "reg", registers.toDoubles());
        }
    }

    @Test
    void a_gelu_block_has_the_official_gradients() {
        requireBlock(
                "block_gelu", new VitConfig(3, 4, 4, 1, 32, 1, 2, 128, Mlp.Kind.GELU, 0, 1, EPS, 0, 0, Pooling.CLS));
    }

    @Test
    void a_swiglu_block_has_the_official_gradients() {
        requireBlock(
                "block_swiglu", new VitConfig(3, 4, 4, 1, 32, 1, 2, 88, Mlp.Kind.SWIGLU, 0, 1, EPS, 0, 0, Pooling.CLS));
    }

    /** The block is the only one of a model whose other parameters are not used. */
    private void requireBlock(String name, VitConfig config) {
        Golden golden = golden(name);
        try (Scope scope = backend.openScope()) {
            VisionTransformer model = new VisionTransformer(
                    config,
                    ParameterSource.of(
                            backend,
                            (parameter, shape, draw) -> parameter.startsWith("blocks.0.")
                                    ? golden.floats("param." + parameter.substring("blocks.0.".length()))
                                    : new float[shape.size()]));
            Tensor x = tensor(golden, "x").tracked();
            Tensor y = model.step(x, 1);
            report.require(name, golden, "y", y.toDoubles());
            Gradients gradients = Backpropagation.from(y, tensor(golden, "cotangent"));
            report.require(name, golden, "grad.x", gradients.of(x).toDoubles());
            for (Parameter parameter : model.parameters().all()) {
                if (parameter.name().startsWith("blocks.0.")) {
                    String key = "grad." + parameter.name().substring("blocks.0.".length());
                    report.require(name, golden, key, gradients.of(parameter).toDoubles());
                }
            }
        }
    }

    @Test
    void three_optimizer_steps_lead_where_the_official_ones_do() {
        Golden golden = golden("classifier");
        VitConfig config = new VitConfig(3, 16, 16, 4, 16, 2, 2, 64, Mlp.Kind.GELU, 0, 0, EPS, 0, 5, Pooling.CLS);
        try (Scope scope = backend.openScope()) {
            VisionTransformer model = new VisionTransformer(config, source(golden, "param.0."));
            AdamW optimizer = new AdamW(
                    model.parameters().trainable(),
                    TeacherTrainer::decays,
                    AdamW.Config.of(0.05f, Float.POSITIVE_INFINITY));
            StepState state = new StepState(backend);
            for (int i = 0; i < LEARNING_RATES.length; i++) {
                try (Scope step = backend.openScope()) {
                    state.begin(i + 1, LEARNING_RATES[i], 0);
                    Gradients gradients = forwardAndBackward(golden, model, new StochasticDepth(0, 0, state), i);
                    if (i == 0) {
                        requireAll(golden, "grad.0.", model.parameters(), gradients);
                    }
                    optimizer.step(gradients, state);
                }
                if (golden.has("param." + (i + 1) + ".cls_token")) {
                    requireAll(golden, "param." + (i + 1) + ".", model.parameters(), null);
                }
            }
        }
    }

    private Gradients forwardAndBackward(
            Golden golden, VisionTransformer model, StochasticDepth nothingDropped, int i) {
        Tensor logits = model.trainingLogits(tensor(golden, "pixels." + i), nothingDropped);
        report.require("classifier", golden, "logits." + i, logits.toDoubles());
        Tensor loss = CrossEntropyOp.forward(logits, tensor(golden, "labels." + i), 0.1f);
        report.require("classifier", golden, "loss." + i, loss.toDoubles());
        return Backpropagation.from(loss);
    }

    /** Gradients, or values where those are null, of all parameters. */
    private void requireAll(Golden golden, String prefix, Parameters parameters, Gradients gradients) {
        for (Parameter parameter : parameters.all()) {
            String name = prefix + parameter.name();
            Tensor got = gradients == null ? parameter.value() : gradients.of(parameter);
            boolean keyBias = gradients == null && parameter.name().endsWith("attn.qkv.bias");
            report.require(
                    "classifier",
                    name,
                    keyBias ? withoutKeys(got.toDoubles()) : got.toDoubles(),
                    keyBias ? withoutKeys(golden.truth(name)) : golden.truth(name),
                    noise(golden, name, keyBias));
        }
    }

    private static double noise(Golden golden, String name, boolean keyBias) {
        double[] floats = keyBias ? withoutKeys(golden.doubles(name)) : golden.doubles(name);
        double[] truth = keyBias ? withoutKeys(golden.truth(name)) : golden.truth(name);
        double largest = 0;
        for (int i = 0; i < truth.length; i++) {
            largest = Math.max(largest, Math.abs(floats[i] - truth[i]));
        }
        return largest;
    }

    /** Softmax ignores the bias of the keys: its gradient is rounding noise, of which Adam makes steps of size lr. */
    private static double[] withoutKeys(double[] qkv) {
        int third = qkv.length / 3;
        double[] kept = new double[2 * third];
        System.arraycopy(qkv, 0, kept, 0, third);
        System.arraycopy(qkv, 2 * third, kept, third, third);
        return kept;
    }

    private static double[] secondHalves(double[] rows, int D) {
        double[] halves = new double[rows.length / 2];
        for (int row = 0; row < halves.length / D; row++) {
            System.arraycopy(rows, (2 * row + 1) * D, halves, row * D, D);
        }
        return halves;
    }

    private static Golden golden(String name) {
        return Golden.resource("/golden/" + name + ".safetensors");
    }

    private ParameterSource source(Golden golden, String prefix) {
        return ParameterSource.of(backend, (name, shape, initializer) -> golden.floats(prefix + name));
    }

    private Tensor tensor(Golden golden, String name) {
        return OpRun.upload(backend, golden.shape(name), golden.doubles(name));
    }
}
