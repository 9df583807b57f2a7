package org.blockrecurrent.vit.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.vit.image.Filter;
import org.blockrecurrent.vit.image.InvalidPictureException;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PictureReader;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.image.Resampler;

/**
 * Picture files read, resized, cropped and normalized again, beside what Pillow and torchvision made of them. Equal means
 * every bit.
 *
 * <p>A folder holds {@code EXPECTED.json} (for each picture the SHA-256 of its pixels, of several resized versions, and
 * of the floats that a model is given, or that Pillow refuses it), the pictures in {@code files}, and perhaps pixels in
 * {@code rgb.safetensors} and {@code resized_small.safetensors}, which tell how large a difference is.
 */
public final class PictureChecks {
    private static final int SIDE = 224;
    private static final String RESIZED_AND_CROPPED = "resize256_bicubic_crop224";
    private static final List<String> PIXELS = List.of("rgb.safetensors", "resized_small.safetensors");

    private final Path folder;
    private final List<Check> checks = new ArrayList<>();

    private PictureChecks(Path folder) {
        this.folder = folder;
    }

    /** The checks of every picture in a folder, in the order of its list. */
    public static List<Check> of(Path folder) {
        PictureChecks all = new PictureChecks(folder);
        JsonElement expected = Json.tree(folder.resolve("EXPECTED.json"));
        if (!expected.isJsonArray()) {
            throw new InvalidInputException(
                    folder + ": EXPECTED.json is not a list of pictures; give a folder of fixtures");
        }
        expected.getAsJsonArray().forEach(entry -> all.check(entry.getAsJsonObject()));
        return all.checks;
    }

    private void check(JsonObject expected) {
        String name = expected.get("file").getAsString();
        Path file = folder.resolve("files").resolve(name);
        boolean toBeRefused = expected.has("pil_error") || expected.has("java");
        try {
            Picture picture = PictureReader.read(file);
            if (toBeRefused) {
                checks.add(new Check(name + ", read though it should be refused", Double.NaN, 0));
            } else {
                checkPixels(name, picture, expected);
            }
        } catch (InvalidPictureException e) {
            checks.add(new Check(
                    name + ", refused: " + String.valueOf(e.getMessage()).replace(file + ": ", ""),
                    toBeRefused ? 0 : Double.NaN,
                    0));
        }
    }

    private void checkPixels(String name, Picture picture, JsonObject expected) {
        add(name, "pixels", name, picture, expected.get("rgb_sha256").getAsString());
        JsonObject resized = expected.getAsJsonObject("transforms");
        for (String transform : resized.keySet()) {
            String hash = resized.getAsJsonObject(transform).get("sha256").getAsString();
            add(name, transform, name + "/" + transform, resized(picture, transform), hash);
        }
        Preprocessing preprocessing = Preprocessing.dinov2(SIDE);
        ByteBuffer floats =
                ByteBuffer.allocate(Float.BYTES * Picture.COLOURS * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(preprocessing.normalize(preprocessing.apply(picture)));
        boolean equal = hash(floats.array())
                .equals(expected.get("normalised_224_f32_sha256").getAsString());
        checks.add(new Check(name + ", normalized", equal ? 0 : Double.NaN, 0));
    }

    private void add(String name, String what, String pixels, Picture picture, String hash) {
        byte[] levels = picture.toBytes();
        double error = hash(levels).equals(hash) ? 0 : difference(pixels, levels);
        checks.add(new Check(name + ", " + what, error, 0));
    }

    /** The largest difference of a level, if the folder holds the pixels; else NaN. */
    private double difference(String pixels, byte[] levels) {
        for (String file : PIXELS) {
            if (!Files.exists(folder.resolve(file))) {
                continue;
            }
            try (SafetensorsFile all = SafetensorsFile.open(folder.resolve(file))) {
                if (all.names().contains(pixels)) {
                    return largestDifference(all.longs(pixels), levels);
                }
            }
        }
        return Double.NaN;
    }

    private static double largestDifference(long[] expected, byte[] levels) {
        if (expected.length != levels.length) {
            return Double.NaN;
        }
        double largest = 0;
        for (int i = 0; i < levels.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i] - (levels[i] & 0xFF)));
        }
        // The hash says that something differs; if the pixels do not, the file of pixels is another.
        return largest > 0 ? largest : Double.NaN;
    }

    /** One of the transforms that the list names: {@code down_} and {@code up_} with a filter, and four others. */
    private static Picture resized(Picture picture, String transform) {
        int height = picture.height();
        int width = picture.width();
        return switch (transform) {
            case RESIZED_AND_CROPPED -> Preprocessing.dinov2(SIDE).apply(picture);
            case "resize224_bilinear" -> Resampler.resizeShorterSide(picture, SIDE, Filter.BILINEAR);
            case "resize37x51_bicubic" -> Resampler.resize(picture, 37, 51, Filter.BICUBIC);
            case "upscale3_bicubic" -> Resampler.resize(picture, 3 * height, 3 * width, Filter.BICUBIC);
            default -> {
                Filter filter = Filter.valueOf(transform.replaceAll(".*_", "").toUpperCase(Locale.ROOT));
                yield transform.startsWith("down_")
                        ? Resampler.resize(picture, (int) (height / 1.9), (int) (width / 2.3), filter)
                        : Resampler.resize(picture, (int) (height * 1.3) + 1, (int) (width * 1.7) + 1, filter);
            }
        };
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
