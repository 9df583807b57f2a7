package org.blockrecurrent.vit.image;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.random.Philox;

/**
 * A random part of a picture, to be resized to the model's input: torchvision's RandomResizedCrop. Up to ten times, area
 * and proportions are drawn, area evenly as a share of the picture's, the logarithm of width/height evenly; the first
 * part that fits is taken, at a random place. Where none fits, the middle is.
 *
 * @param smallest share of the picture's area
 * @param largest share of the picture's area
 * @param narrowest width/height
 * @param widest width/height
 */
public record RandomResizedCrop(double smallest, double largest, double narrowest, double widest) {
    private static final int STREAM = Philox.streamOf("random resized crop");
    private static final int ATTEMPTS = 10;
    private static final int DRAWS = 4;

    public RandomResizedCrop {
        boolean fits = 0 < smallest && smallest <= largest && largest <= 1 && 0 < narrowest && narrowest <= widest;
        if (!fits) {
            throw new InvalidInputException("random crops of " + smallest + " to " + largest
                    + " of the area and proportions of " + narrowest + " to " + widest
                    + " make no sense; shares lie in (0, 1], the smaller first");
        }
    }

    /** torchvision's proportions, 3:4 to 4:3, and from {@code smallest} on to all of the area; torchvision has 0.08. */
    public static RandomResizedCrop from(double smallest) {
        return new RandomResizedCrop(smallest, 1, 3.0 / 4, 4.0 / 3);
    }

    /** What is drawn for one image in one epoch; its place in a picture is known once the picture's size is. */
    public Draw draw(long seed, int epoch, int image) {
        return new Draw(this, new Philox(seed, STREAM, epoch), (long) image * ATTEMPTS * DRAWS);
    }

    /** The random numbers of one crop. */
    public record Draw(RandomResizedCrop crop, Philox random, long first) {

        /** The part of a picture of this size. */
        public Window in(int height, int width) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long draw = first + (long) attempt * DRAWS;
                double area = between(crop.smallest, crop.largest, draw) * height * width;
                double shape = Math.exp(between(Math.log(crop.narrowest), Math.log(crop.widest), draw + 1));
                int partWidth = (int) Math.rint(Math.sqrt(area * shape));
                int partHeight = (int) Math.rint(Math.sqrt(area / shape));
                if (partWidth > 0 && partWidth <= width && partHeight > 0 && partHeight <= height) {
                    int top = random.below(height - partHeight + 1, draw + 2);
                    int left = random.below(width - partWidth + 1, draw + 3);
                    return new Window(top, left, partHeight, partWidth);
                }
            }
            return crop.middle(height, width);
        }

        private double between(double low, double high, long draw) {
            return low + (high - low) * random.uniform(draw);
        }
    }

    /** As much of the middle as has allowed proportions. */
    private Window middle(int height, int width) {
        double shape = (double) width / height;
        int partWidth = shape > widest ? Math.max(1, (int) Math.rint(height * widest)) : width;
        int partHeight = shape < narrowest ? Math.max(1, (int) Math.rint(width / narrowest)) : height;
        return new Window((height - partHeight) / 2, (width - partWidth) / 2, partHeight, partWidth);
    }
}
