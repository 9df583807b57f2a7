package org.blockrecurrent.tensor.io.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.io.FormatException;

/**
 * Finds the weights in the folder of a model, such as a snapshot of the Hugging Face cache: the first of the usual names that
 * is there, else the only file that looks like weights.
 */
public final class ModelFolder {
    /** In the order in which the transformers library looks; then what other libraries write. */
    private static final List<String> USUAL_NAMES = List.of(
            "model.safetensors",
            "model.safetensors.index.json",
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "open_clip_model.safetensors",
            "open_clip_pytorch_model.bin",
            "model.pth",
            "model.pt");

    private static final List<String> SUFFIXES = List.of(".safetensors", ".pth", ".pt", ".bin", ".npz");

    private ModelFolder() {}

    /** The file, or the index of the files; throws a {@link FormatException} if there is none or if several might be meant. */
    public static Path weights(Path folder) {
        return find(folder)
                .orElseThrow(() -> new FormatException(
                        folder, "holds no weights: none of " + USUAL_NAMES + ", and no other file of their kinds"));
    }

    /** The same, or nothing if there is none; throws a {@link FormatException} if several might be meant. */
    public static Optional<Path> find(Path folder) {
        for (String name : USUAL_NAMES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return Optional.of(folder.resolve(name));
            }
        }
        List<Path> candidates = candidates(folder);
        if (candidates.size() > 1) {
            throw new FormatException(folder, "holds several files that might be meant; name one: " + candidates);
        }
        return candidates.stream().findFirst().map(folder::resolve);
    }

    private static List<Path> candidates(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::getFileName)
                    .filter(name -> SUFFIXES.stream().anyMatch(name.toString()::endsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw FormatException.unreadable(folder, e);
        }
    }
}
