package org.blockrecurrent.vit.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.vit.PositionRule;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.published.NamingScheme;
import org.blockrecurrent.vit.published.PublishedWeights;

/**
 * A small model in the files that users meet, perhaps in several libraries' names, and what the libraries make of two images of
 * several sizes: {@code CASE/expected.safetensors} beside the weights, whose keys are {@code SIZE.VALUE}, or {@code
 * SIZE.LIBRARY.VALUE} where libraries differ.
 *
 * @param name the case
 * @param folder its folder
 * @param pixels the file that holds the images by size
 * @param sizes height and width of the images, by the name of the size; {@code native} is that of the position table
 */
record ModelCase(String name, Path folder, Path pixels, Map<String, int[]> sizes) implements GoldenCase {
    private static final String EXPECTED = "expected.safetensors";
    private static final String NATIVE = "native";

    @Override
    public List<Check> check(Backend backend) {
        List<Check> checks = new ArrayList<>();
        for (Path weights : weightFiles()) {
            checks.addAll(check(backend, weights));
        }
        return checks;
    }

    /** Every file of weights: in the folder itself, or in one for each library; shards by their index, heads left out. */
    List<Path> weightFiles() {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String last = file.getFileName().toString();
                        boolean isShard = last.matches(".*-of-\\d+\\.safetensors");
                        boolean isWeights = last.matches(".*\\.(safetensors|pth|bin)|.*\\.index\\.json");
                        return isWeights && !isShard && !last.equals(EXPECTED) && !last.endsWith("_head.pth");
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }

    private List<Check> check(Backend backend, Path file) {
        List<Check> checks = new ArrayList<>();
        try (PublishedWeights weights = PublishedWeights.open(file);
                GoldenValues expected = GoldenValues.open(folder.resolve(EXPECTED));
                SafetensorsFile images = SafetensorsFile.open(pixels);
                Scope all = backend.openScope()) {
            VisionTransformer model = weights.load(backend);
            ModelRun run = new ModelRun(
                    name + "/" + folder.relativize(file), folder, weights, expected, precision(backend, weights));
            sizes.forEach((size, sides) -> {
                String key = sides[0] + "x" + sides[1];
                try (Scope one = backend.openScope()) {
                    VisionTransformer sized = size.equals(NATIVE) ? model : resized(model, weights, sides);
                    run.add(checks, size, sized, backend.tensor(images.shape(key), images.floats(key)));
                }
            });
        }
        return checks;
    }

    /** Where one case has several libraries' files and not a value for each, away from the table's size Hugging Face made it. */
    private VisionTransformer resized(VisionTransformer model, PublishedWeights weights, int[] sides) {
        boolean madeByHf = hasSeveralLibraries() && weights.family().label().matches("clip|siglip");
        return madeByHf ? model.at(sides[0], sides[1], PositionRule.BICUBIC) : model.at(sides[0], sides[1]);
    }

    private boolean hasSeveralLibraries() {
        return weightFiles().stream().map(Path::getParent).distinct().count() > 1;
    }

    /** timm's file of a model with registers holds cls_token + pos_embed[0], rounded to float: no double run undoes that. */
    private Precision precision(Backend backend, PublishedWeights weights) {
        boolean rounded = hasSeveralLibraries()
                && weights.scheme() == NamingScheme.TIMM
                && weights.config().registers() > 0;
        return rounded ? Precision.FLOAT : Precision.of(backend);
    }
}
