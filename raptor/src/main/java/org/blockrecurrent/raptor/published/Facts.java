package org.blockrecurrent.raptor.published;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.torch.Attributes;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a Raptor beside its tensors; null where nothing is.
 *
 * @param thresholds the last layer of every block but the last
 * @param layers L
 * @param heads of every block
 * @param normEps of every layer norm
 */
record Facts(
        @Nullable List<Integer> thresholds,
        @Nullable Integer layers,
        @Nullable Integer heads,
        @Nullable Double normEps) {
    private static final Facts NONE = new Facts(null, null, null, null);
    private static final String KEY = "raptor";
    private static final String THRESHOLDS = "thresholds";
    /** More layers or heads than any network has. */
    private static final int MOST = 1 << 16;

    /**
     * From the attributes of a whole module, the metadata of a safetensors file, or the file beside a state dict.
     *
     * @param prefix of the Raptor's tensors and attributes
     * @param blocks number of its blocks, 0 if it is a block itself
     */
    static Facts of(TensorFile file, Path path, String prefix, int blocks) {
        if (file instanceof TorchFile torch && torch.attributes().has(prefix + Attributes.CLASS)) {
            return ofModule(torch, prefix, blocks);
        }
        String metadata = file.metadata().get(KEY);
        if (metadata != null) {
            return Json.parse(metadata, path + ", metadata " + KEY, Facts.class);
        }
        Path beside = beside(path);
        return Files.exists(beside) ? Json.read(beside, Facts.class) : NONE;
    }

    /** Where they stand for a file that has no room for them: {@code raptor.pth.json}. */
    static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".json");
    }

    /** As metadata of a safetensors file. */
    Map<String, String> metadata() {
        return Map.of("format", "pt", KEY, Json.text(this));
    }

    private static Facts ofModule(TorchFile file, String prefix, int blocks) {
        Attributes attributes = file.attributes();
        List<Integer> thresholds = attributes.has(prefix + THRESHOLDS)
                ? attributes.integers(prefix + THRESHOLDS).stream()
                        .map(threshold -> small(file, THRESHOLDS, threshold))
                        .toList()
                : null;
        String first = blocks == 0 ? prefix : prefix + "blocks.0.";
        Facts facts = new Facts(thresholds, null, heads(file, first), eps(attributes, first, "norm1"));
        for (int block = 0; block < Math.max(1, blocks); block++) {
            String of = blocks == 0 ? prefix : prefix + "blocks." + block + ".";
            boolean alike = heads(file, of).equals(facts.heads())
                    && eps(attributes, of, "norm1").equals(facts.normEps())
                    && eps(attributes, of, "norm2").equals(facts.normEps());
            if (!alike) {
                throw new FormatException(
                        file.where(), "has blocks with different heads or eps: no official Raptor has");
            }
        }
        return facts;
    }

    private static Integer heads(TorchFile file, String block) {
        String name = block + "attn.num_heads";
        return small(file, name, file.attributes().integer(name));
    }

    private static int small(TorchFile file, String name, long value) {
        if (value < 1 || value > MOST) {
            throw new FormatException(file.where(), "attribute " + FormatException.shown(name) + " is " + value);
        }
        return (int) value;
    }

    private static Double eps(Attributes attributes, String block, String norm) {
        return attributes.number(block + norm + ".eps");
    }
}
