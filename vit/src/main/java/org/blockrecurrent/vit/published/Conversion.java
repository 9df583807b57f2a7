package org.blockrecurrent.vit.published;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.published.NameTable.Binding;
import org.blockrecurrent.vit.published.NameTable.Shaping;

/**
 * Published weights in another library's names: a safetensors file, and a configuration beside it. Values are copied, cut and
 * put together, and not computed, but for the one sum of timm's models with registers; a tensor at a time is in memory.
 *
 * <p>Libraries also differ in how they resample positions: the converted file follows the convention of its new names.
 */
public final class Conversion {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";

    private Conversion() {}

    /**
     * Writes {@code model.safetensors} and {@code config.json} into a folder.
     *
     * @throws InvalidInputException if the library cannot express the model; it says what
     */
    public static void write(PublishedWeights weights, NamingScheme scheme, Path folder) {
        SchemeForm form = SchemeForm.of(weights.where(), scheme, weights.config(), weights.tensors());
        VitConfig config = form.config();
        boolean gated = config.mlp().firstWidth(1) == 2;
        boolean distilled = config.pooling() == Pooling.CLS_AND_DISTILLATION;
        NameTable table = NameTables.of(scheme, Family.of(config), gated, distilled);
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (Map.Entry<String, ModelTensor> tensor : form.tensors().entrySet()) {
            Binding binding = table.ofOurs(tensor.getKey());
            if (binding == null) {
                throw new InvalidInputException(weights.where() + ": cannot be written in the names of "
                        + scheme.label() + ", which has none for " + tensor.getKey());
            }
            add(writer, prefix(scheme, config, tensor.getKey()), binding, tensor.getValue());
        }
        Map<String, Object> about = ConfigWriter.of(scheme, config);
        writer.write(folder.resolve(WEIGHTS));
        Json.write(folder.resolve(CONFIG), about);
    }

    /** What the library's classes put before the names of an image tower inside a larger model. */
    private static String prefix(NamingScheme scheme, VitConfig config, String ours) {
        if (scheme == NamingScheme.OPENAI) {
            return "visual.";
        }
        boolean isHead = ours.startsWith("head.") || ours.startsWith("head_dist.");
        if (scheme != NamingScheme.HF || config.classes() == 0 || isHead) {
            return "";
        }
        return switch (Family.of(config)) {
            case DINOV2 -> config.registers() > 0 ? "dinov2_with_registers." : "dinov2.";
            case VIT -> config.form().distillationToken() ? "deit." : "vit.";
            case CLIP -> "vision_model.";
            case SIGLIP -> "";
        };
    }

    private static void add(SafetensorsWriter writer, String prefix, Binding binding, ModelTensor tensor) {
        List<String> parts = binding.theirs();
        int shares = binding.shares().stream().mapToInt(share -> share).sum();
        int from = 0;
        for (int i = 0; i < parts.size(); i++) {
            int to = from + binding.shares().get(i);
            ModelTensor part = parts.size() == 1 ? tensor : part(tensor, from, to, shares);
            ModelTensor shaped = shaped(part, binding.shaping());
            writer.floats(prefix + parts.get(i), shaped.shape(), shaped.values());
            from = to;
        }
    }

    /** Rows {@code from/shares … to/shares} of a tensor. */
    private static ModelTensor part(ModelTensor tensor, int from, int to, int shares) {
        int[] dims = tensor.shape().dims();
        int row = tensor.shape().size() / shares;
        dims[0] = dims[0] / shares * (to - from);
        return new ModelTensor(
                Shape.of(dims), () -> Arrays.copyOfRange(tensor.values().get(), from * row, to * row));
    }

    private static ModelTensor shaped(ModelTensor tensor, Shaping shaping) {
        int[] dims = tensor.shape().dims();
        return switch (shaping) {
            case SAME -> tensor;
            case FLAT -> {
                int ones = 0;
                while (ones < dims.length - 1 && dims[ones] == 1) {
                    ones++;
                }
                yield new ModelTensor(Shape.of(Arrays.copyOfRange(dims, ones, dims.length)), tensor.values());
            }
            case TRANSPOSED -> {
                Shape swapped = Shape.of(dims[1], dims[0]);
                yield new ModelTensor(
                        swapped,
                        () -> CanonicalTensors.transposed(tensor.values().get(), swapped));
            }
        };
    }
}
