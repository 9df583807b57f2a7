package org.blockrecurrent.raptor.store;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import org.blockrecurrent.vit.data.BatchOrder;

/** The rows of chunks, each as often and in the order as it is needed to show images in a given order. */
final class RowSequence implements PrimitiveIterator.OfInt {
    private final BatchOrder order;
    private final int shown;
    private final int epochs;
    private int epoch;
    private int[] images;
    private int position;

    /**
     * Begins with the row of one image.
     *
     * @param shown images that an epoch shows, the first ones of its order
     * @param epoch of the first image
     * @param position of the first image in it
     */
    RowSequence(BatchOrder order, int shown, int epochs, int epoch, int position) {
        this.order = order;
        this.shown = shown;
        this.epochs = epochs;
        this.epoch = epoch;
        this.position = position;
        images = order.of(epoch);
    }

    @Override
    public boolean hasNext() {
        return epoch < epochs;
    }

    @Override
    public int nextInt() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int row = images[position] / order.together();
        do {
            position++;
        } while (position < shown && images[position] / order.together() == row);
        if (position == shown && ++epoch < epochs) {
            images = order.of(epoch);
            position = 0;
        }
        return row;
    }
}
