package org.blockrecurrent.vit.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.random.Philox;

/**
 * Folders of pictures as data sets ({@link PictureListing} says what belongs to which class).
 *
 * <p>Where a folder has the sub-folders {@code train} and {@code test} (or {@code val}), these are the two halves. Else
 * each picture goes to one half by a random number that depends on its path below the folder and the seed alone: adding
 * pictures or removing them sends no other picture to the other half.
 */
public final class PictureFolder {
    private static final int STREAM = Philox.streamOf("test pictures");
    private static final String TRAIN = "train";
    private static final List<String> TEST = List.of("test", "val");

    private PictureFolder() {}

    /** All pictures of a folder. */
    public static PictureFiles all(Path folder, FolderOptions options) {
        Skipped skipped = new Skipped(options.strict());
        PictureListing listing = PictureListing.of(require(folder), skipped);
        return files(folder.toString(), listing, listing.entries(), options, skipped);
    }

    /** The two halves of a folder. */
    static DataSet open(String spec, Path folder, FolderOptions options) {
        require(folder);
        for (String test : TEST) {
            if (Files.isDirectory(folder.resolve(TRAIN)) && Files.isDirectory(folder.resolve(test))) {
                return new DataSet(
                        spec + " (" + options.preprocessing() + ")",
                        all(folder.resolve(TRAIN), options),
                        all(folder.resolve(test), options));
            }
        }
        Skipped skipped = new Skipped(options.strict());
        PictureListing listing = PictureListing.of(folder, skipped);
        List<PictureListing.Entry> train = listing.entries().stream()
                .filter(entry -> !isTest(entry, options))
                .toList();
        List<PictureListing.Entry> test = listing.entries().stream()
                .filter(entry -> isTest(entry, options))
                .toList();
        return new DataSet(
                spec + " (" + options + ")",
                files(folder + ", training half,", listing, train, options, skipped),
                files(folder + ", test half,", listing, test, options, skipped));
    }

    private static PictureFiles files(
            String name,
            PictureListing listing,
            List<PictureListing.Entry> entries,
            FolderOptions options,
            Skipped skipped) {
        return new PictureFiles(name, listing.classNames(), entries, options.preprocessing(), skipped);
    }

    private static Path require(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException("no picture folder " + folder
                    + "; give a folder with pictures, or with a sub-folder for each class");
        }
        return folder;
    }

    private static boolean isTest(PictureListing.Entry entry, FolderOptions options) {
        return new Philox(options.splitSeed(), STREAM, 0).uniform(hash(entry.name())) < options.testShare();
    }

    /** FNV-1a with 64 bits. */
    private static long hash(String name) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        return hash;
    }
}
