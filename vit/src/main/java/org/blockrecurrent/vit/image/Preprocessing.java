package org.blockrecurrent.vit.image;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * How a picture becomes the input of a model: resized as Pillow does, cropped in the middle, and normalized, to the last
 * bit as torchvision's {@code Resize, CenterCrop, ToTensor, Normalize} on Pillow's pictures. (The tensor versions of these
 * transforms and the "fast" processors of Hugging Face give slightly other pixels.)
 *
 * <p>What a preset is called says whose numbers these are; {@link #toString} says what it does in one line, for the
 * metadata of what was computed from it.
 *
 * @param name of the preset
 * @param shorterSide what the shorter side of a picture becomes, the longer in proportion and truncated; 0: the picture
 *     becomes height × width at once, whatever its proportions
 * @param height of the model's input
 * @param width of the model's input
 */
public record Preprocessing(
        String name, int shorterSide, int height, int width, Filter filter, Normalization normalization) {

    /** Presets by the names that the command line takes, for a square input of a given side. */
    private static final Map<String, IntFunction<Preprocessing>> PRESETS = Map.of(
            "dinov2", Preprocessing::dinov2,
            "timm-dinov2", Preprocessing::timmDinov2,
            "deit", Preprocessing::deit,
            "augreg", Preprocessing::augreg,
            "timm-clip", Preprocessing::timmClip,
            "clip", Preprocessing::clip,
            "siglip", Preprocessing::siglip);

    /** The names that {@link #named} takes. */
    public static final List<String> NAMES = PRESETS.keySet().stream().sorted().toList();

    public Preprocessing {
        if (height < 1 || width < 1 || shorterSide < 0) {
            throw new InvalidInputException(
                    "preprocessing to " + height + " x " + width + " pixels: sizes must be positive");
        }
        if (shorterSide > 0 && shorterSide < Math.max(height, width)) {
            throw new InvalidInputException("a picture whose shorter side is " + shorterSide + " has no crop of "
                    + height + " x " + width + "; make the crop smaller or resize to more");
        }
    }

    /** As DINOv2 was evaluated: 256 → 224, and in that proportion for other sides. */
    public static Preprocessing dinov2(int side) {
        return square("dinov2", (int) (side * 256L / 224), side, Filter.BICUBIC, Normalization.IMAGENET);
    }

    /** timm's for DINOv2: the whole shorter side. Its default is 518. */
    public static Preprocessing timmDinov2(int side) {
        return square("timm-dinov2", side, side, Filter.BICUBIC, Normalization.IMAGENET);
    }

    /** timm's for DeiT, DINO and MAE: nine tenths of the shorter side. Default 224. */
    public static Preprocessing deit(int side) {
        return square("deit", nineTenths(side), side, Filter.BICUBIC, Normalization.IMAGENET);
    }

    /** timm's for the ViTs of "How to train your ViT?", and for its SigLIP at 224: nine tenths of the shorter side. */
    public static Preprocessing augreg(int side) {
        return square("augreg", nineTenths(side), side, Filter.BICUBIC, Normalization.HALF);
    }

    /** OpenAI's for CLIP: the whole shorter side. */
    public static Preprocessing clip(int side) {
        return square("clip", side, side, Filter.BICUBIC, Normalization.CLIP);
    }

    /** timm's for CLIP: nine tenths of the shorter side. */
    public static Preprocessing timmClip(int side) {
        return square("timm-clip", nineTenths(side), side, Filter.BICUBIC, Normalization.CLIP);
    }

    /** Hugging Face's for SigLIP: the whole picture, squeezed into a square. */
    public static Preprocessing siglip(int side) {
        return new Preprocessing("siglip", 0, side, side, Filter.BICUBIC, Normalization.HALF);
    }

    /** The whole picture at exactly this size, whatever its proportions. */
    public static Preprocessing exact(int height, int width, Normalization normalization) {
        return new Preprocessing("exact", 0, height, width, Filter.BICUBIC, normalization);
    }

    /** A preset by its name, for a square input. */
    public static Preprocessing named(String name, int side) {
        IntFunction<Preprocessing> preset = PRESETS.get(name);
        if (preset == null) {
            throw new InvalidInputException(
                    "unknown preprocessing '" + name + "'; choose one of " + String.join(", ", NAMES));
        }
        return preset.apply(side);
    }

    private static Preprocessing square(
            String name, int shorterSide, int side, Filter filter, Normalization normalization) {
        return new Preprocessing(name, shorterSide, side, side, filter, normalization);
    }

    /** ⌊side / 0.9⌋, as timm computes it. */
    private static int nineTenths(int side) {
        return (int) Math.floor(side / 0.9);
    }

    /** The same with the statistics that a model was trained with. */
    public Preprocessing with(Normalization other) {
        return new Preprocessing(name, shorterSide, height, width, filter, other);
    }

    /** Returns this; throws an exception that names the nearest sides that fit unless the patches divide the input. */
    public Preprocessing requirePatches(int patchSize) {
        requireMultiple("height", height, patchSize);
        requireMultiple("width", width, patchSize);
        return this;
    }

    private static void requireMultiple(String what, int side, int patchSize) {
        if (side % patchSize != 0) {
            int below = side / patchSize * patchSize;
            throw new InvalidInputException("a " + what + " of " + side + " pixels is no multiple of the patch size "
                    + patchSize + "; " + (below > 0 ? below + " or " : "") + (below + patchSize) + " would fit");
        }
    }

    /** The picture resized and cropped: (height, width, 3). Grey is repeated. */
    public Picture apply(Picture picture) {
        Picture coloured = picture.coloured();
        if (shorterSide == 0) {
            return Resampler.resize(coloured, height, width, filter);
        }
        int shorter = Math.min(coloured.height(), coloured.width());
        int resizedHeight = Resampler.scaled(coloured.height(), shorterSide, shorter);
        int resizedWidth = Resampler.scaled(coloured.width(), shorterSide, shorter);
        Window middle = Window.centred(resizedHeight, resizedWidth, height, width);
        return Resampler.resize(coloured, resizedHeight, resizedWidth, filter, middle);
    }

    /** A part of a picture, resized to the model's input: what random crops of training show. */
    public Picture apply(Picture picture, Window part) {
        return Resampler.resize(picture.coloured().crop(part), height, width, filter);
    }

    /** The model's input (3, height, width) of a picture of that size. */
    public float[] normalize(Picture picture) {
        if (picture.height() != height || picture.width() != width || picture.channels() != normalization.channels()) {
            throw new InvalidInputException("preprocessing makes " + height + " x " + width + " x "
                    + normalization.channels() + ", not a " + picture);
        }
        int pixels = height * width;
        float[] planes = new float[normalization.channels() * pixels];
        for (int channel = 0; channel < normalization.channels(); channel++) {
            float[] values = normalization.levels(channel);
            for (int i = 0; i < pixels; i++) {
                planes[channel * pixels + i] = values[picture.levels()[i * picture.channels() + channel] & 0xFF];
            }
        }
        return planes;
    }

    /** What is done, in one line. */
    @Override
    public String toString() {
        String size = height + " x " + width;
        String resize = shorterSide == 0
                ? "the whole picture to " + size
                : "shorter side to " + shorterSide + ", middle " + size;
        return name + ": " + resize + " (" + filter.name().toLowerCase(Locale.ROOT)
                + ", as Pillow), v/255 minus " + normalization.mean() + " over " + normalization.std()
                + "; ICC profiles and EXIF orientation not applied";
    }
}
