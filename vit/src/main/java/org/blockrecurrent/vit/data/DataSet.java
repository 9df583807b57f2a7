package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Images to train on and images to test on, alike in size and classes.
 *
 * @param name what the user asked for, such as {@code builtin}
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

    /** The first images of both halves. */
    public DataSet first(int trainImages, int testImages) {
        return new DataSet(name, train.first(trainImages), test.first(testImages));
    }
}
