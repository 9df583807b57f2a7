package org.blockrecurrent.vit.image;

import org.blockrecurrent.tensor.InvalidInputException;

/** A rectangle of pixels: its first row and column, and its size. */
public record Window(int top, int left, int height, int width) {

    public Window {
        if (top < 0 || left < 0 || height < 1 || width < 1) {
            throw new InvalidInputException("a window of " + height + " x " + width + " pixels at row " + top
                    + ", column " + left + " does not exist");
        }
    }

    /** All of a picture. */
    public static Window whole(int height, int width) {
        return new Window(0, 0, height, width);
    }

    /**
     * The middle of a picture, as torchvision's CenterCrop takes it: odd margins are divided by rounding half to even.
     */
    public static Window centred(int height, int width, int cropHeight, int cropWidth) {
        int top = (int) Math.rint((height - cropHeight) / 2.0);
        int left = (int) Math.rint((width - cropWidth) / 2.0);
        Window window = new Window(Math.max(0, top), Math.max(0, left), cropHeight, cropWidth);
        window.requireInside(height, width);
        return window;
    }

    void requireInside(int pictureHeight, int pictureWidth) {
        if (height > pictureHeight - top || width > pictureWidth - left) {
            throw new InvalidInputException("the window " + this + " reaches beyond a picture of " + pictureHeight
                    + " x " + pictureWidth + "; choose a smaller crop");
        }
    }

    @Override
    public String toString() {
        return height + " x " + width + " at row " + top + ", column " + left;
    }
}
