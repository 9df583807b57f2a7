package org.blockrecurrent.vit.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.vit.AttentionMap;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.published.DinoHead;
import org.blockrecurrent.vit.published.Family;
import org.blockrecurrent.vit.published.PublishedWeights;

/** The values of one file of weights: computes those that are stored, size by size. */
final class ModelRun {
    private final String label;
    private final Path folder;
    private final PublishedWeights weights;
    private final GoldenValues expected;
    private final Precision precision;

    ModelRun(String label, Path folder, PublishedWeights weights, GoldenValues expected, Precision precision) {
        this.label = label;
        this.folder = folder;
        this.weights = weights;
        this.expected = expected;
        this.precision = precision;
    }

    /** Adds a check for every stored value of that size which is not another library's. */
    void add(List<Check> checks, String size, VisionTransformer model, Tensor images) {
        Map<String, Supplier<double[]>> values = values(size, model, images);
        for (String key : expected.names()) {
            String name = key.startsWith(size + ".") ? key.substring(size.length() + 1) : "";
            String ours = "." + weights.scheme().label() + ".";
            String value = ("." + name).startsWith(ours) ? name.substring(ours.length() - 1) : name;
            if (expected.isGolden(key) && !isOfAnotherLibrary(value)) {
                Supplier<double[]> computed = values.get(value);
                double[] got = computed == null ? new double[0] : computed.get();
                checks.add(precision.check(label + ", " + key, got, expected.truth(key), expected.inFloat(key)));
            }
        }
    }

    private static boolean isOfAnotherLibrary(String value) {
        return value.isEmpty() || value.matches("(hub|hf|timm)\\..*");
    }

    /** How each value is computed; a value that a file asks for and that is not here fails its check. */
    private Map<String, Supplier<double[]>> values(String size, VisionTransformer model, Tensor images) {
        Map<String, Supplier<double[]>> values = new LinkedHashMap<>();
        Tensor x0 = model.embed(images, seenIn(values));
        Trajectory trajectory = Trajectory.of(model, x0);
        values.put("embed", x0::toDoubles);
        for (int layer = 1; layer <= model.layers(); layer++) {
            values.put("block." + (layer - 1), trajectory.state(layer)::toDoubles);
        }
        values.put("attn.first", () -> firstImage(AttentionMap.of(model, x0, 1)));
        values.put(
                "attn.last",
                () -> firstImage(AttentionMap.of(model, trajectory.state(model.layers() - 1), model.layers())));
        Tensor last = trajectory.state(model.layers());
        addTokens(values, model, last);
        addReadouts(values, model, last, images);
        if (expected.has(size + ".masks")) {
            values.put("masked.norm", () -> masked(size, model, images));
        }
        return values;
    }

    /** What the embedding shows on its way. */
    private static Trace seenIn(Map<String, Supplier<double[]>> values) {
        Map<String, String> names = Map.of("patches", "patch", "positioned", "pre_norm_in");
        return (name, value) -> {
            double[] seen = value.toDoubles();
            values.put(names.getOrDefault(name, name), () -> seen);
        };
    }

    private static void addTokens(Map<String, Supplier<double[]>> values, VisionTransformer model, Tensor last) {
        TokenLayout layout = model.layout();
        TokenFeatures features = new TokenFeatures(model.norm(last), layout);
        values.put("norm", features.tokens()::toDoubles);
        values.put("mean_patch", () -> features.meanPatch().toDoubles());
        if (layout.has(TokenGroup.CLS)) {
            values.put("cls", () -> features.cls().toDoubles());
        }
        if (layout.has(TokenGroup.DISTILLATION)) {
            values.put("dist", () -> features.distillation().toDoubles());
        }
        if (layout.has(TokenGroup.REGISTERS)) {
            values.put("reg", () -> features.registers().toDoubles());
        }
    }

    private void addReadouts(
            Map<String, Supplier<double[]>> values, VisionTransformer model, Tensor last, Tensor images) {
        values.put("pooled", () -> model.pool(last).toDoubles());
        if (model.config().classes() > 0) {
            boolean isProjection = weights.family() == Family.CLIP;
            values.put(
                    isProjection ? "image_embeds" : "logits",
                    () -> model.classify(last).toDoubles());
            values.put(
                    "image_embeds.normalised",
                    () -> TokenFeatures.unitRows(model.classify(last)).toDoubles());
        }
        if (model.config().pooling() == Pooling.CLS_AND_DISTILLATION) {
            values.put("logits.cls", () -> model.classify(last, TokenGroup.CLS).toDoubles());
            values.put(
                    "logits.dist",
                    () -> model.classify(last, TokenGroup.DISTILLATION).toDoubles());
        }
        for (String name : List.of("linear", "linear4")) {
            Path head = folder.resolve("tiny_" + name + "_head.pth");
            if (Files.exists(head)) {
                values.put("logits." + name, () -> headLogits(head, model, images));
            }
        }
    }

    private static double[] headLogits(Path head, VisionTransformer model, Tensor images) {
        try (Scope inner = images.backend().openScope()) {
            return DinoHead.load(head, model.config().embedDim(), images.backend())
                    .logits(model, images)
                    .toDoubles();
        }
    }

    private double[] masked(String size, VisionTransformer model, Tensor images) {
        long[] stored = expected.longs(size + ".masks");
        int patches = model.layout().patches();
        boolean[][] masks = new boolean[images.dim(0)][patches];
        for (int i = 0; i < stored.length; i++) {
            masks[i / patches][i % patches] = stored[i] != 0;
        }
        Trajectory trajectory = Trajectory.of(model, model.embed(images, masks));
        return model.norm(trajectory.state(model.layers())).toDoubles();
    }

    private static double[] firstImage(AttentionMap map) {
        return java.util.Arrays.copyOf(map.weights(), map.weights().length / map.batch());
    }
}
