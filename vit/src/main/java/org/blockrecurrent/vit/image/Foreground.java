package org.blockrecurrent.vit.image;

import java.util.Arrays;

/** Divides patches in two by a number each has, and says which group is in front. */
final class Foreground {
    private Foreground() {}

    /**
     * The patches in front: those on one side of Otsu's threshold, which divides the scores so that the two groups differ
     * most; the side with the smaller share of its patches at the edges of the images.
     *
     * @param scores one for each patch, image after image
     */
    static boolean[] of(double[] scores, int gridHeight, int gridWidth) {
        double threshold = threshold(scores);
        int[] count = new int[2];
        int[] atEdge = new int[2];
        for (int i = 0; i < scores.length; i++) {
            int row = i / gridWidth % gridHeight;
            int column = i % gridWidth;
            int side = scores[i] > threshold ? 1 : 0;
            boolean edge = row == 0 || column == 0 || row == gridHeight - 1 || column == gridWidth - 1;
            count[side]++;
            atEdge[side] += edge ? 1 : 0;
        }
        boolean above = (long) atEdge[1] * count[0] <= (long) atEdge[0] * count[1];
        boolean[] front = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            front[i] = scores[i] > threshold == above;
        }
        return front;
    }

    /** The score t for which n(≤ t) · n(> t) · (mean(≤ t) − mean(> t))² is largest. */
    private static double threshold(double[] scores) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double total = Arrays.stream(sorted).sum();
        double below = 0;
        double most = -1;
        double threshold = sorted[sorted.length / 2];
        for (int n = 1; n < sorted.length; n++) {
            below += sorted[n - 1];
            int m = sorted.length - n;
            double distance = below / n - (total - below) / m;
            double between = (double) n * m * distance * distance;
            if (between > most && sorted[n] > sorted[n - 1]) {
                most = between;
                threshold = sorted[n - 1];
            }
        }
        return threshold;
    }
}
