package org.blockrecurrent.vit.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;

/**
 * DINOv2 ViT-B/14 with registers at its real size, whose weights follow from a recipe: the state after every layer, of it
 * every 29th token, and the final features.
 *
 * @param folder holds {@code recipe.json} and {@code expected.safetensors}
 */
record GeneratedCase(String name, Path folder) implements GoldenCase {
    private static final String PIXELS = "pixels";
    private static final int EVERY = 29;
    private static final int REGISTERS = 4;
    private static final String FIRST_VALUES = "first_values.";

    @Override
    public List<Check> check(Backend backend) {
        GeneratedWeights weights = GeneratedWeights.read(folder.resolve("recipe.json"));
        List<Check> checks = new ArrayList<>();
        try (GoldenValues expected = GoldenValues.open(folder.resolve("expected.safetensors"));
                Scope all = backend.openScope()) {
            firstValues(checks, weights, expected);
            ParameterSource source = ParameterSource.of(backend, (name, shape, initializer) -> weights.values(name))
                    .frozen();
            VisionTransformer model = new VisionTransformer(VitConfig.dinov2Base(REGISTERS), source);
            Tensor images = backend.tensor(weights.shape(PIXELS), weights.values(PIXELS));
            features(checks, model.at(images.dim(2), images.dim(3)), images, expected);
        }
        return checks;
    }

    private void firstValues(List<Check> checks, GeneratedWeights weights, GoldenValues expected) {
        for (String key : expected.names()) {
            if (key.startsWith(FIRST_VALUES)) {
                float[] values = weights.values(key.substring(FIRST_VALUES.length()));
                double error = 0;
                float[] stored = expected.floats(key);
                for (int i = 0; i < stored.length; i++) {
                    error = Math.max(error, Math.abs(values[i] - stored[i]));
                }
                checks.add(new Check(name + ", " + key, error, 0));
            }
        }
    }

    private void features(List<Check> checks, VisionTransformer model, Tensor images, GoldenValues expected) {
        Tensor x = null;
        for (int layer = 0; layer <= model.layers(); layer++) {
            Tensor before = x;
            try (Scope inner = images.backend().openScope()) {
                x = inner.keep(before == null ? model.embed(images) : model.step(before, layer));
            }
            if (before != null) {
                before.storage().release();
            }
            String key = layer == 0 ? "embed.tokens" : "block." + (layer - 1) + ".tokens";
            add(checks, images.backend(), expected, key, everyNth(x));
        }
        TokenFeatures normed = new TokenFeatures(model.norm(x), model.layout());
        add(checks, images.backend(), expected, "cls", normed.cls().toDoubles());
        add(checks, images.backend(), expected, "mean_patch", normed.meanPatch().toDoubles());
    }

    private void add(List<Check> checks, Backend backend, GoldenValues expected, String key, double[] got) {
        checks.add(Precision.of(backend).check(name + ", " + key, got, expected.truth(key), expected.inFloat(key)));
    }

    private static double[] everyNth(Tensor x) {
        int N = x.dim(1);
        int D = x.dim(2);
        double[] all = x.toDoubles();
        double[] some = new double[all.length];
        int kept = 0;
        for (int token = 0; token < x.dim(0) * N; token++) {
            if (token % N % EVERY == 0) {
                System.arraycopy(all, token * D, some, kept, D);
                kept += D;
            }
        }
        return Arrays.copyOf(some, kept);
    }
}
