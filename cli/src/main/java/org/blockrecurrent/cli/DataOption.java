package org.blockrecurrent.cli;

import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSets;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "SET",
            defaultValue = "builtin",
            description =
                    "The images: builtin (12,000 of Fashion-MNIST, part of the product) or fashion-mnist:FOLDER, a folder "
                            + "with the four IDX files of Fashion-MNIST or MNIST, gzipped or not. Default: ${DEFAULT-VALUE}.")
    String name;

    DataSet open() {
        return ImageSets.open(name);
    }
}
