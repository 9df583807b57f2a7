package org.blockrecurrent.cli;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.FolderOptions;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.image.Preprocessing;
import picocli.CommandLine.Option;

/** Which images. */
final class DataOption {
    private static final int SIDE_TO_TRAIN_ON = 64;
    private static final int LINES_SHOWN = 10;

    @Option(
            names = "--data",
            paramLabel = "SET",
            defaultValue = "builtin",
            description = {
                "The images. Default: ${DEFAULT-VALUE}.",
                "builtin: 12,000 of Fashion-MNIST, part of the product.",
                "fashion-mnist:FOLDER: the four IDX files of Fashion-MNIST or MNIST, gzipped or not.",
                "cifar10:FOLDER, cifar100:FOLDER: the files of the binary version.",
                "images:FOLDER: pictures (PNG, JPEG, GIF, BMP), a sub-folder for each class; with sub-folders train and "
                        + "test (or val), these are the two halves, else they are drawn."
            })
    String name;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description =
                    "For images: the side in pixels that pictures are brought to. Default: what the teacher takes (224 for "
                            + "DINOv2); 64 where a teacher is trained.")
    Integer side;

    @Option(
            names = "--preprocessing",
            paramLabel = "NAME",
            description =
                    "For images: how they are brought to that size: clip, deit, augreg, dinov2, siglip, timm-clip or "
                            + "timm-dinov2. Default: as a published teacher wants them, else dinov2 (resized to 8/7 of it, middle cut "
                            + "out).")
    String preprocessing;

    @Option(
            names = "--test-share",
            paramLabel = "X",
            defaultValue = "0.2",
            description = "For images: the share of the pictures to test on. Default: ${DEFAULT-VALUE}.")
    double testShare;

    @Option(
            names = "--split-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "For images: which pictures these are. Default: ${DEFAULT-VALUE}.")
    long splitSeed;

    @Option(
            names = "--strict",
            description = "For images: stop at a picture that cannot be read, instead of leaving it out and saying so.")
    boolean strict;

    /** For a model that is yet to be trained. */
    DataSet open() {
        return open(named(side == null ? SIDE_TO_TRAIN_ON : side));
    }

    /** For a model that there is, at the size that it takes. */
    DataSet open(ChosenTeacher teacher) {
        return open(teacher.preprocessing());
    }

    /** How pictures come to a teacher that was trained here. */
    Preprocessing preprocessing(VitConfig model) {
        if (side != null || model.imageHeight() == model.imageWidth()) {
            return named(side == null ? model.imageHeight() : side);
        }
        return Preprocessing.exact(
                model.imageHeight(),
                model.imageWidth(),
                named(model.imageHeight()).normalization());
    }

    private Preprocessing named(int pixels) {
        return Preprocessing.named(preprocessing == null ? "dinov2" : preprocessing, pixels);
    }

    private DataSet open(Preprocessing size) {
        DataSet images = ImageSets.open(name, new FolderOptions(size, testShare, splitSeed, strict));
        if (side != null && !name.startsWith("images:")) {
            throw new InvalidInputException("--image-size is for --data images:FOLDER; " + name + " has images of "
                    + images.train().height() + " x " + images.train().width() + ": leave it out");
        }
        return images;
    }

    /** Says which pictures could not be read, if any. */
    static void reportSkipped(DataSet images, Session session) {
        List<String> skipped = images.skipped();
        if (skipped.isEmpty()) {
            return;
        }
        session.err().println("left out " + skipped.size() + (skipped.size() == 1 ? " file:" : " files:"));
        skipped.stream().limit(LINES_SHOWN).forEach(line -> session.err().println("  " + line));
        if (skipped.size() > LINES_SHOWN) {
            session.err().println("  and " + (skipped.size() - LINES_SHOWN) + " more");
        }
        session.err().flush();
    }
}
