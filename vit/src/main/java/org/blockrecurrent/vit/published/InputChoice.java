package org.blockrecurrent.vit.published;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.Preprocessing;
import org.jspecify.annotations.Nullable;

/**
 * How pictures become the input of a published model: as a file beside the weights says (timm's {@code pretrained_cfg}, Hugging
 * Face's {@code preprocessor_config.json}), or as is usual for its family and library.
 */
final class InputChoice {
    private static final String PREPROCESSOR = "preprocessor_config.json";
    private static final int BILINEAR_OF_PILLOW = 2;
    private static final int BICUBIC_OF_PILLOW = 3;

    private InputChoice() {}

    /**
     * @param fields of the configuration beside the weights, or null
     * @param folder of the weights, or null
     * @param side of the model's input, in pixels
     */
    static Preprocessing of(
            NamingScheme scheme, VitConfig config, @Nullable Fields fields, @Nullable Path folder, int side) {
        if (fields != null && fields.has("pretrained_cfg")) {
            return timm(fields.object("pretrained_cfg"), side);
        }
        if (scheme == NamingScheme.HF && folder != null && Files.isRegularFile(folder.resolve(PREPROCESSOR))) {
            return huggingFace(folder.resolve(PREPROCESSOR), side);
        }
        boolean isDeit = fields != null && mentionsDeit(fields);
        return usual(scheme, isDeit ? Family.VIT : Family.of(config), isDeit, side);
    }

    private static boolean mentionsDeit(Fields fields) {
        return fields.mentions("architecture", "deit") || fields.mentions("model_type", "deit");
    }

    private static Preprocessing usual(NamingScheme scheme, Family family, boolean isDeit, int side) {
        boolean timm = scheme == NamingScheme.TIMM;
        return switch (family) {
            case DINOV2 -> timm ? Preprocessing.timmDinov2(side) : Preprocessing.dinov2(side);
            case VIT -> isDeit ? Preprocessing.deit(side) : timm ? Preprocessing.augreg(side) : googleVit(side);
            case CLIP -> timm ? Preprocessing.timmClip(side) : Preprocessing.clip(side);
            case SIGLIP -> Preprocessing.siglip(side);
        };
    }

    /** Hugging Face's for its ViT: the whole picture, bilinearly, to a square. */
    private static Preprocessing googleVit(int side) {
        return new Preprocessing("hf-vit", 0, side, side, Filter.BILINEAR, Normalization.HALF);
    }

    private static Preprocessing timm(Fields pretrained, int side) {
        double crop = pretrained.real("crop_pct", 0.9);
        if (!(crop > 0 && crop <= 1)) {
            throw pretrained.wrong("crop_pct", "must be in (0, 1], found " + crop);
        }
        String interpolation = pretrained.text("interpolation");
        Filter filter = interpolation == null || interpolation.equals("bicubic") ? Filter.BICUBIC : Filter.BILINEAR;
        if (interpolation != null && !interpolation.equals("bicubic") && !interpolation.equals("bilinear")) {
            throw pretrained.wrong("interpolation", FormatException.shown(interpolation) + " is not supported");
        }
        Normalization normalization = normalization(pretrained, "mean", "std", Normalization.IMAGENET);
        return new Preprocessing("timm", (int) Math.floor(side / crop), side, side, filter, normalization);
    }

    private static Preprocessing huggingFace(Path file, int side) {
        if (!(Json.tree(file) instanceof JsonObject object)) {
            throw new FormatException(file, "expected an object");
        }
        Fields fields = new Fields(object, file.toString());
        Normalization normalization = normalization(fields, "image_mean", "image_std", Normalization.IMAGENET);
        int resample = fields.number("resample", BICUBIC_OF_PILLOW);
        if (resample != BICUBIC_OF_PILLOW && resample != BILINEAR_OF_PILLOW) {
            throw fields.wrong("resample", "is " + resample + "; there are 2, bilinear, and 3, bicubic");
        }
        Filter filter = resample == BICUBIC_OF_PILLOW ? Filter.BICUBIC : Filter.BILINEAR;
        int shorter = fields.flag("do_center_crop", false) ? shorterSide(fields, side) : 0;
        return new Preprocessing("hf", shorter, side, side, filter, normalization);
    }

    /** In the proportion of the file's own sizes. */
    private static int shorterSide(Fields fields, int side) {
        int resized = edge(fields, "size", "shortest_edge");
        int cropped = edge(fields, "crop_size", "height");
        return cropped == 0 ? side : Math.max(side, (int) ((long) side * resized / cropped));
    }

    private static int edge(Fields fields, String key, String inObject) {
        return fields.isObject(key) ? fields.object(key).number(inObject, 0) : fields.number(key, 0);
    }

    private static Normalization normalization(Fields fields, String mean, String std, Normalization otherwise) {
        List<Float> means = fields.reals(mean);
        List<Float> stds = fields.reals(std);
        return means.isEmpty() || stds.isEmpty() ? otherwise : new Normalization(means, stds);
    }
}
