package org.blockrecurrent.vit.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/** Data sets by the names that the command line takes. Nothing is ever downloaded. */
public final class ImageSets {
    /** Fashion-MNIST's classes, as its authors name them. */
    public static final List<String> FASHION_MNIST_CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /** What {@link #open(String)} takes, for help texts. */
    public static final String KNOWN =
            "builtin, fashion-mnist:FOLDER, cifar10:FOLDER, cifar100:FOLDER and images:FOLDER";

    private static final String BUILTIN = "builtin";
    private static final String RESOURCES = "fashion-mnist/";
    private static final String WHERE_TO_GET =
            "the four files are at https://github.com/zalandoresearch/fashion-mnist, and in Debian's package dataset-fashion-mnist";

    private ImageSets() {}

    /** Opens a data set by name; a folder of pictures as {@link FolderOptions#standard} says. */
    public static DataSet open(String spec) {
        return open(spec, FolderOptions.standard());
    }

    /**
     * Opens a data set by name: {@code builtin}, or a kind and a folder.
     *
     * @param options of folders of pictures; sets that come in bytes have a size and a split of their own
     */
    public static DataSet open(String spec, FolderOptions options) {
        int colon = spec.indexOf(':');
        Path folder = Path.of(spec.substring(colon + 1));
        return switch (colon < 0 ? spec : spec.substring(0, colon + 1)) {
            case BUILTIN -> new DataSet(spec, builtin("train"), builtin("t10k"));
            case "fashion-mnist:" -> new DataSet(spec, inFolder(folder, "train"), inFolder(folder, "t10k"));
            case "cifar10:" -> CifarFolder.cifar10(spec, folder);
            case "cifar100:" -> CifarFolder.cifar100(spec, folder);
            case "images:" -> PictureFolder.open(spec, folder, options);
            default ->
                throw new InvalidInputException(
                        "unknown data set '" + spec + "'; known are " + KNOWN + " (" + WHERE_TO_GET + ")");
        };
    }

    private static ByteImages builtin(String half) {
        String images = half + "-images-idx3-ubyte.gz";
        String labels = half + "-labels-idx1-ubyte.gz";
        return fashionMnist(
                "builtin " + half,
                IdxReader.images(images, resource(images)),
                IdxReader.labels(labels, resource(labels), FASHION_MNIST_CLASSES.size()));
    }

    private static ByteImages inFolder(Path folder, String half) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("no data folder " + folder + "; give the folder that holds the IDX files: "
                    + WHERE_TO_GET + ", or use --data builtin");
        }
        Path images = find(folder, half + "-images-idx3-ubyte");
        Path labels = find(folder, half + "-labels-idx1-ubyte");
        return fashionMnist(
                images.toString(), IdxReader.images(images), IdxReader.labels(labels, FASHION_MNIST_CLASSES.size()));
    }

    private static ByteImages fashionMnist(String name, IdxReader.Images images, byte[] labels) {
        if (labels.length != images.count()) {
            throw new InvalidIdxException(
                    name,
                    images.count() + " images but " + labels.length + " labels",
                    "use the image and label files of one set");
        }
        return new ByteImages(name, 1, images.height(), images.width(), FASHION_MNIST_CLASSES, images.pixels(), labels);
    }

    private static Path find(Path folder, String name) {
        for (String suffix : List.of("", ".gz")) {
            Path file = folder.resolve(name + suffix);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new InvalidInputException(
                "no " + name + " or " + name + ".gz in " + folder + "; " + WHERE_TO_GET + ", or use --data builtin");
    }

    private static InputStream resource(String name) {
        InputStream stream = ImageSets.class.getResourceAsStream(RESOURCES + name);
        if (stream == null) {
            throw new UncheckedIOException(new IOException("the built-in data set is missing from the jar: " + name));
        }
        return stream;
    }
}
