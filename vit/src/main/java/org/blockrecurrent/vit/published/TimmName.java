package org.blockrecurrent.vit.published;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.VitForm;
import org.jspecify.annotations.Nullable;

/**
 * The name of a model in timm, such as {@code vit_base_patch14_reg4_dinov2}: it says what no file does, which GELU, the eps of
 * the norms, how many heads. Tags behind a dot ({@code .lvd142m}) name the training and change nothing.
 *
 * <p>Source: timm 1.0.31, vision_transformer.py and deit.py.
 */
final class TimmName {
    private static final Pattern FORM =
            Pattern.compile("(vit|deit|deit3)_([a-z0-9]+?)(_distilled)?_patch(\\d+)((?:_[a-z0-9]+)*)");
    private static final Pattern IMAGE = Pattern.compile("\\d{3}");
    private static final Pattern REGISTERS = Pattern.compile("reg(\\d)");
    private static final Set<String> WORDS =
            Set.of("dinov2", "clip", "quickgelu", "siglip", "gap", "map", "plus", "miil");

    /** D, layers, heads, F. */
    private static final Map<String, int[]> SIZES = Map.ofEntries(
            Map.entry("tiny", new int[] {192, 12, 3, 768}),
            Map.entry("xsmall", new int[] {256, 10, 4, 1024}),
            Map.entry("wee", new int[] {256, 14, 4, 1280}),
            Map.entry("little", new int[] {320, 14, 5, 1792}),
            Map.entry("small", new int[] {384, 12, 6, 1536}),
            Map.entry("medium", new int[] {512, 12, 8, 2048}),
            Map.entry("mediumd", new int[] {512, 20, 8, 2048}),
            Map.entry("betwixt", new int[] {640, 12, 10, 2560}),
            Map.entry("base", new int[] {768, 12, 12, 3072}),
            Map.entry("so150m", new int[] {896, 18, 14, 2304}),
            Map.entry("large", new int[] {1024, 24, 16, 4096}),
            Map.entry("so400m", new int[] {1152, 27, 16, 4304}),
            Map.entry("huge", new int[] {1280, 32, 16, 5120}),
            Map.entry("giant", new int[] {1408, 40, 16, 6144}),
            Map.entry("giantopt", new int[] {1536, 40, 16, 6144}),
            Map.entry("gigantic", new int[] {1664, 48, 16, 8192}));

    private static final int[] BASE_PLUS = {896, 12, 14, 3584};
    private static final int[] GIANT_OF_DINOV2 = {1536, 40, 24, 4096};
    private static final String BASE_WITH_16_HEADS = "vit_base_patch16_gap_224";

    private final String name;
    private final String model;
    private final String size;
    private final boolean distilled;
    private final int patchSize;
    private final List<String> words;

    private TimmName(String name, Matcher form) {
        this.name = name;
        model = form.group(1);
        size = form.group(2);
        distilled = form.group(3) != null;
        patchSize = Integer.parseInt(form.group(4));
        words = Arrays.stream(form.group(5).split("_"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The name without a tag and without {@code timm/}; null if it is no name that is understood in every word. */
    static @Nullable TimmName of(String text) {
        String name = text.substring(text.lastIndexOf('/') + 1).split("\\.", 2)[0];
        Matcher form = FORM.matcher(name);
        if (!form.matches() || form.group(4).length() > 2) {
            return null;
        }
        TimmName read = new TimmName(name, form);
        boolean known = SIZES.containsKey(read.size)
                && read.words.stream()
                        .allMatch(word -> WORDS.contains(word)
                                || IMAGE.matcher(word).matches()
                                || REGISTERS.matcher(word).matches());
        return known ? read : null;
    }

    private boolean has(String word) {
        return words.contains(word);
    }

    boolean isDistilled() {
        return distilled;
    }

    private int[] dims() {
        if (size.equals("base") && has("plus")) {
            return BASE_PLUS;
        }
        return size.equals("giant") && has("dinov2") ? GIANT_OF_DINOV2 : SIZES.getOrDefault(size, BASE_PLUS);
    }

    int embedDim() {
        return dims()[0];
    }

    int layers() {
        return dims()[1];
    }

    int heads() {
        return name.equals(BASE_WITH_16_HEADS) ? 16 : dims()[2];
    }

    int mlpDim() {
        return dims()[3];
    }

    int patchSize() {
        return patchSize;
    }

    float normEps() {
        return has("clip") ? 1e-5f : 1e-6f;
    }

    Mlp.Kind mlp() {
        if (has("quickgelu")) {
            return Mlp.Kind.QUICK_GELU;
        }
        if (has("siglip") && !hasExactSiglip()) {
            return Mlp.Kind.GELU_TANH;
        }
        return size.equals("giant") && has("dinov2") ? Mlp.Kind.SWIGLU : Mlp.Kind.GELU;
    }

    /** The SigLIPs that timm computes with the exact GELU, though they were trained with its approximation. */
    private boolean hasExactSiglip() {
        return switch (size) {
            case "base" -> patchSize == 16;
            case "so400m" -> patchSize == 14;
            case "large" -> patchSize == 16 && (has("256") || has("384"));
            default -> false;
        };
    }

    /** timm's {@code global_pool}: {@code token}, {@code avg} or {@code map}. */
    String globalPool() {
        if (has("gap")) {
            return "avg";
        }
        return has("siglip") || has("map") ? "map" : "token";
    }

    int registers() {
        return words.stream()
                .map(REGISTERS::matcher)
                .filter(Matcher::matches)
                .mapToInt(word -> Integer.parseInt(word.group(1)))
                .findFirst()
                .orElse(0);
    }

    /** Side of the images, cut down to whole patches as timm does (384 at patch 14 is 378). */
    int imageSize() {
        int side = words.stream()
                .filter(word -> IMAGE.matcher(word).matches())
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(has("dinov2") ? 518 : 224);
        return side / patchSize * patchSize;
    }

    /** The model as timm makes it, without a head; null for the few that differ in more than their name says. */
    @Nullable
    VitConfig preset() {
        boolean irregular = has("miil") || size.startsWith("so150m") || (has("gap") && !has("siglip"));
        if (irregular) {
            return null;
        }
        boolean patchesOnly = has("siglip");
        boolean layerScale = has("dinov2") || model.equals("deit3") || (has("plus") && !has("clip"));
        int classTokens = patchesOnly ? 0 : distilled ? 2 : 1;
        boolean unplaced = registers() > 0 || model.equals("deit3");
        VitForm form = new VitForm(
                !patchesOnly,
                distilled,
                false,
                unplaced ? 0 : classTokens,
                PositionRule.ANTIALIASED,
                !has("clip"),
                has("clip"),
                true,
                true);
        return new VitConfig(
                3,
                imageSize(),
                imageSize(),
                patchSize,
                embedDim(),
                layers(),
                heads(),
                mlpDim(),
                mlp(),
                registers(),
                layerScale ? 1e-5f : 0,
                normEps(),
                0,
                0,
                pooling(),
                form);
    }

    private Pooling pooling() {
        if (has("siglip")) {
            return has("gap") ? Pooling.MEAN_PATCH : Pooling.ATTENTION;
        }
        return distilled ? Pooling.CLS_AND_DISTILLATION : Pooling.CLS;
    }

    @Override
    public String toString() {
        return name;
    }
}
