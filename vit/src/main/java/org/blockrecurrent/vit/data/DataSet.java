package org.blockrecurrent.vit.data;

import java.util.List;
import java.util.TreeSet;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Images to train on and images to test on, alike in size and classes.
 *
 * @param name what the user asked for, such as {@code builtin}, and for pictures what becomes of them
 */
public record DataSet(String name, ImageSet train, ImageSet test) {

    public DataSet {
        boolean alike = train.channels() == test.channels()
                && train.height() == test.height()
                && train.width() == test.width()
                && train.classNames().equals(test.classNames());
        if (!alike) {
            throw new InvalidInputException(name + ": training and test images differ: " + train + " against " + test
                    + "; use two halves of one set");
        }
    }

    /** What could not be read so far and was left out, a line for each file. */
    public List<String> skipped() {
        TreeSet<String> lines = new TreeSet<>(train.skipped());
        lines.addAll(test.skipped());
        return List.copyOf(lines);
    }

    /** Fewer images of both halves, as {@link ImageSet#first} chooses them. */
    public DataSet first(int trainImages, int testImages) {
        return new DataSet(name, train.first(trainImages), test.first(testImages));
    }
}
