package org.blockrecurrent.vit.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.InvalidInputException;

/** The folders that CIFAR's binary archives unpack to. */
final class CifarFolder {
    private static final List<String> CIFAR10_CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
    private static final int CIFAR100_CLASSES = 100;
    private static final String CIFAR100_NAMES = "fine_label_names.txt";
    private static final String WHERE_TO_GET =
            "the binary version is at https://www.cs.toronto.edu/~kriz/cifar.html; unpack it";

    private CifarFolder() {}

    static DataSet cifar10(String name, Path folder) {
        List<Path> train = new ArrayList<>();
        for (int part = 1; part <= 5; part++) {
            train.add(require(folder, "data_batch_" + part + ".bin"));
        }
        Path test = require(folder, "test_batch.bin");
        return new DataSet(name, images(train, CIFAR10_CLASSES), images(List.of(test), CIFAR10_CLASSES));
    }

    static DataSet cifar100(String name, Path folder) {
        Path train = require(folder, "train.bin");
        Path test = require(folder, "test.bin");
        List<String> classes = cifar100Classes(folder.resolve(CIFAR100_NAMES));
        return new DataSet(name, images(List.of(train), classes), images(List.of(test), classes));
    }

    private static ByteImages images(List<Path> files, List<String> classes) {
        CifarReader.Images images = CifarReader.read(files, classes.size());
        return new ByteImages(
                files.get(0).toString(),
                CifarReader.CHANNELS,
                CifarReader.SIDE,
                CifarReader.SIDE,
                classes,
                images.pixels(),
                images.labels());
    }

    /** The names that lie beside the images; numbers without them. */
    private static List<String> cifar100Classes(Path file) {
        if (!Files.exists(file)) {
            return IntStream.range(0, CIFAR100_CLASSES)
                    .mapToObj(Integer::toString)
                    .toList();
        }
        try {
            List<String> names = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (names.size() != CIFAR100_CLASSES) {
                throw new InvalidInputException(file + " names " + names.size() + " classes instead of "
                        + CIFAR100_CLASSES + "; get it again or remove it");
            }
            return names;
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read (" + e + "); get it again or remove it", e);
        }
    }

    private static Path require(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException("no " + name + " in " + folder + "; " + WHERE_TO_GET);
        }
        return file;
    }
}
