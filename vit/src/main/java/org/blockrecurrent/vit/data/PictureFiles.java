package org.blockrecurrent.vit.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.image.Normalization;
import org.blockrecurrent.vit.image.Picture;
import org.blockrecurrent.vit.image.PictureReader;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.image.RandomResizedCrop;
import org.jspecify.annotations.Nullable;

/** Pictures that stay on disk: each is read, resized and cropped when a batch needs it. In the order of their paths. */
public final class PictureFiles implements ImageSet {
    private final String name;
    private final List<String> classNames;
    private final List<PictureListing.Entry> entries;
    private final Preprocessing preprocessing;
    private final Skipped skipped;

    PictureFiles(
            String name,
            List<String> classNames,
            List<PictureListing.Entry> entries,
            Preprocessing preprocessing,
            Skipped skipped) {
        this.name = name;
        this.classNames = List.copyOf(classNames);
        this.entries = List.copyOf(entries);
        this.preprocessing = preprocessing;
        this.skipped = skipped;
        if (entries.isEmpty()) {
            throw new InvalidInputException(
                    name + " holds no pictures; give a folder that has some (PNG, JPEG, GIF, BMP), "
                            + "or another share or seed for the split");
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int count() {
        return entries.size();
    }

    @Override
    public int channels() {
        return Picture.COLOURS;
    }

    @Override
    public int height() {
        return preprocessing.height();
    }

    @Override
    public int width() {
        return preprocessing.width();
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public int label(int image) {
        return entries.get(image).label();
    }

    /** The file of an image. */
    public Path file(int image) {
        return entries.get(image).file();
    }

    /** What becomes of a picture. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    @Override
    public Normalization normalization() {
        return preprocessing.normalization();
    }

    @Override
    public boolean isOnDisk() {
        return true;
    }

    @Override
    public boolean read(int image, RandomResizedCrop.@Nullable Draw crop, byte[] levels) {
        Path file = file(image);
        try {
            Picture picture = PictureReader.read(file);
            Picture input = crop == null
                    ? preprocessing.apply(picture)
                    : preprocessing.apply(picture, crop.in(picture.height(), picture.width()));
            input.writePlanes(levels);
            return true;
        } catch (InvalidInputException e) {
            skipped.add(file, e);
            return false;
        }
    }

    /** Evenly spaced ones: the files are sorted by class. */
    @Override
    public PictureFiles first(int images) {
        if (images < 1 || images > count()) {
            throw new InvalidInputException(name + " has " + count() + " pictures, " + images + " were asked for");
        }
        List<PictureListing.Entry> some = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            some.add(entries.get((int) ((long) i * count() / images)));
        }
        return new PictureFiles(name, classNames, some, preprocessing, skipped);
    }

    @Override
    public List<String> skipped() {
        return skipped.lines();
    }

    @Override
    public String toString() {
        return name + ": " + count() + " pictures, each to " + channels() + " x " + height() + " x " + width() + ", "
                + classes() + (classes() == 1 ? " class" : " classes");
    }
}
