package org.blockrecurrent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.InferenceMemory;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PictureReader;
import org.blockrecurrent.vit.image.Preprocessing;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which pictures, in an order that does not depend on the file system. */
final class PictureArguments {
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".gif", ".bmp");

    @Parameters(arity = "1..*", paramLabel = "PICTURE", description = "Pictures, or folders of pictures.")
    private List<Path> places = new ArrayList<>();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Pictures computed together. Default: as many as memory allows, at most 32.")
    private Integer batch;

    /** The files named, and the pictures of folders in the order of their paths. */
    List<Path> files() {
        if (batch != null && batch < 1) {
            throw new InvalidInputException("--batch must be at least 1, got " + batch);
        }
        List<Path> files = new ArrayList<>();
        for (Path place : places) {
            if (Files.isDirectory(place)) {
                files.addAll(inside(place));
            } else {
                files.add(place);
            }
        }
        return files;
    }

    /** How many pictures to compute together with this model, once it is loaded. */
    int batch(VitConfig model) {
        return batch != null ? batch : InferenceMemory.batchSize(model, InferenceMemory.freeHeap());
    }

    private static List<Path> inside(Path folder) {
        try (Stream<Path> below = Files.walk(folder)) {
            List<Path> pictures =
                    below.filter(PictureArguments::isPicture).sorted().toList();
            if (pictures.isEmpty()) {
                throw new InvalidInputException("no pictures in " + folder + " (" + String.join(", ", ENDINGS) + ")");
            }
            return pictures;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && ENDINGS.stream().anyMatch(name::endsWith);
    }

    /** {@code (B, 3, height, width)}, in the backend's current scope; adds what is shown to the model to {@code shown}. */
    static Tensor read(List<Path> files, Preprocessing preprocessing, Backend backend, List<Picture> shown) {
        int size = Picture.COLOURS * preprocessing.height() * preprocessing.width();
        float[] pixels = new float[Math.multiplyExact(files.size(), size)];
        for (int i = 0; i < files.size(); i++) {
            Picture cropped = preprocessing.apply(PictureReader.read(files.get(i)));
            shown.add(cropped);
            System.arraycopy(preprocessing.normalize(cropped), 0, pixels, i * size, size);
        }
        return backend.tensor(
                Shape.of(files.size(), Picture.COLOURS, preprocessing.height(), preprocessing.width()), pixels);
    }
}
