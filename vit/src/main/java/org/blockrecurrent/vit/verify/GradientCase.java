package org.blockrecurrent.vit.verify;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.optim.AdamW;
import org.blockrecurrent.vit.StochasticDepth;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.training.TeacherTrainer;

/**
 * Gradients by PyTorch: of single DINOv2 blocks with a given cotangent ({@code block_gelu}, {@code block_swiglu}), and of a small
 * ViT of timm in three steps of AdamW ({@code classifier}). What the files do not say, their {@code config.json} does.
 */
record GradientCase(String name, Path folder) implements GoldenCase {
    private static final int CHANNELS = 3;
    private static final float EPS = 1e-6f;
    private static final String BLOCK = "blocks.0.";
    private static final String CLASSIFIER = "classifier";

    @Override
    public List<Check> check(Backend backend) {
        Path configFile = folder.resolve("config.json");
        List<Check> checks = new ArrayList<>();
        try {
            JsonObject config = Json.tree(configFile).getAsJsonObject();
            for (String file : List.of("block_gelu", "block_swiglu")) {
                if (Files.exists(path(file))) {
                    checks.addAll(block(backend, file, config.getAsJsonObject(file)));
                }
            }
            if (Files.exists(path(CLASSIFIER))) {
                checks.addAll(classifier(backend, config.getAsJsonObject(CLASSIFIER)));
            }
            return checks;
        } catch (IllegalStateException | NullPointerException | UnsupportedOperationException e) {
            throw new FormatException(configFile, "does not describe the gradients beside it", e);
        }
    }

    private Path path(String file) {
        return folder.resolve(file + ".safetensors");
    }

    /** The block is the only one of a model whose other parameters are not used. */
    private List<Check> block(Backend backend, String file, JsonObject about) {
        Mlp.Kind kind = about.get("ffn").getAsString().equals("mlp") ? Mlp.Kind.GELU : Mlp.Kind.SWIGLU;
        int heads = about.get("heads").getAsInt();
        try (SafetensorsFile stored = SafetensorsFile.open(path(file));
                GoldenValues golden = GoldenValues.open(path(file));
                Scope scope = backend.openScope()) {
            Checks checks = new Checks(name + "/" + file, golden, Precision.of(backend));
            int D = stored.shape("x").dim(2);
            String last = kind == Mlp.Kind.SWIGLU ? "param.mlp.w3.weight" : "param.mlp.fc2.weight";
            int F = stored.shape(last).dim(1);
            VitConfig config = new VitConfig(CHANNELS, 1, 1, 1, D, 1, heads, F, kind, 0, 1, EPS, 0, 0, Pooling.CLS);
            VisionTransformer model = new VisionTransformer(
                    config,
                    ParameterSource.of(
                            backend,
                            (parameter, shape, draw) -> parameter.startsWith(BLOCK)
                                    ? golden.floats("param." + parameter.substring(BLOCK.length()))
                                    : new float[shape.size()]));
            Tensor x = golden.tensor(backend, "x").tracked();
            Tensor y = model.step(x, 1);
            checks.add("y", y.toDoubles());
            Gradients gradients = Backpropagation.from(y, golden.tensor(backend, "cotangent"));
            checks.add("grad.x", gradients.of(x).toDoubles());
            for (Parameter parameter : model.parameters().all()) {
                if (parameter.name().startsWith(BLOCK)) {
                    String key = "grad." + parameter.name().substring(BLOCK.length());
                    checks.add(key, gradients.of(parameter).toDoubles());
                }
            }
            return checks.all;
        }
    }

    private List<Check> classifier(Backend backend, JsonObject about) {
        JsonObject adamW = about.getAsJsonObject("adamw");
        try (GoldenValues golden = GoldenValues.open(path(CLASSIFIER));
                Scope scope = backend.openScope()) {
            Checks checks = new Checks(name + "/" + CLASSIFIER, golden, Precision.of(backend));
            VisionTransformer model = new VisionTransformer(
                    classifierConfig(about.getAsJsonObject("model")),
                    ParameterSource.of(backend, (name, shape, initializer) -> golden.floats("param.0." + name)));
            AdamW optimizer = new AdamW(
                    model.parameters().trainable(),
                    TeacherTrainer::decays,
                    AdamW.Config.of(adamW.get("weight_decay").getAsFloat(), Float.POSITIVE_INFINITY));
            StepState state = new StepState(backend);
            float smoothing = about.get("label_smoothing").getAsFloat();
            for (int i = 0; i < adamW.getAsJsonArray("lr").size(); i++) {
                state.begin(i + 1, adamW.getAsJsonArray("lr").get(i).getAsFloat(), 0);
                step(checks, golden, model, optimizer, state, i, smoothing);
            }
            return checks.all;
        }
    }

    private static VitConfig classifierConfig(JsonObject model) {
        int D = model.get("embed_dim").getAsInt();
        int side = model.get("img_size").getAsInt();
        return new VitConfig(
                CHANNELS,
                side,
                side,
                model.get("patch_size").getAsInt(),
                D,
                model.get("depth").getAsInt(),
                model.get("num_heads").getAsInt(),
                4 * D,
                Mlp.Kind.GELU,
                0,
                0,
                EPS,
                0,
                model.get("num_classes").getAsInt(),
                Pooling.CLS);
    }

    private static void step(
            Checks checks,
            GoldenValues golden,
            VisionTransformer model,
            AdamW optimizer,
            StepState state,
            int i,
            float smoothing) {
        Backend backend = state.slots().backend();
        try (Scope step = backend.openScope()) {
            Tensor images = golden.tensor(backend, "pixels." + i);
            Tensor logits = model.trainingLogits(images, new StochasticDepth(0, 0, state));
            checks.add("logits." + i, logits.toDoubles());
            Tensor loss = CrossEntropyOp.forward(logits, golden.tensor(backend, "labels." + i), smoothing);
            checks.add("loss." + i, loss.toDoubles());
            Gradients gradients = Backpropagation.from(loss);
            for (Parameter parameter : model.parameters().all()) {
                if (i == 0) {
                    checks.add(
                            "grad.0." + parameter.name(),
                            gradients.of(parameter).toDoubles());
                }
            }
            optimizer.step(gradients, state);
            String prefix = "param." + (i + 1) + ".";
            for (Parameter parameter : model.parameters().all()) {
                if (golden.has(prefix + "cls_token")) {
                    checks.addStepped(
                            prefix + parameter.name(), parameter.value().toDoubles());
                }
            }
        }
    }

    /** Collects checks of one file. */
    private static final class Checks {
        private final String label;
        private final GoldenValues golden;
        private final Precision precision;
        private final List<Check> all = new ArrayList<>();

        Checks(String label, GoldenValues golden, Precision precision) {
            this.label = label;
            this.golden = golden;
            this.precision = precision;
        }

        void add(String key, double[] got) {
            all.add(precision.check(label + ", " + key, got, golden.truth(key), golden.inFloat(key)));
        }

        /** Softmax ignores the bias of the keys: its gradient is rounding noise, of which Adam makes steps of full size. */
        void addStepped(String key, double[] got) {
            if (key.endsWith("attn.qkv.bias")) {
                all.add(precision.check(
                        label + ", " + key,
                        withoutKeys(got),
                        withoutKeys(golden.truth(key)),
                        withoutKeys(golden.inFloat(key))));
            } else {
                add(key, got);
            }
        }

        private static double[] withoutKeys(double[] qkv) {
            int third = qkv.length / 3;
            double[] kept = Arrays.copyOf(qkv, 2 * third);
            System.arraycopy(qkv, 2 * third, kept, third, third);
            return kept;
        }
    }
}
