package org.blockrecurrent.vit.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a training run measured of itself along the way.
 *
 * @param points in order of their steps
 */
public record LearningCurve(List<Point> points) {
    /** Nothing measured yet. */
    public static final LearningCurve EMPTY = new LearningCurve(List.of());

    /**
     * One measurement.
     *
     * @param step steps done
     * @param loss mean training loss of the steps since the last point; null if it was not finite
     * @param gradientNorm gradient norm of the last step before clipping; null if it was not finite
     * @param learningRate learning rate of the last step
     * @param accuracy on the test images; null where it was not measured
     */
    public record Point(
            int step,
            @Nullable Double loss,
            @Nullable Double gradientNorm,
            double learningRate,
            @Nullable Double accuracy) {
        private String csv() {
            return step + "," + cell(loss) + "," + cell(gradientNorm) + "," + learningRate + "," + cell(accuracy)
                    + "\n";
        }

        private static String cell(@Nullable Double value) {
            return value == null ? "" : value.toString();
        }
    }

    public LearningCurve {
        points = List.copyOf(points);
    }

    /** This curve and one more point. */
    public LearningCurve and(Point point) {
        List<Point> longer = new ArrayList<>(points);
        longer.add(point);
        return new LearningCurve(longer);
    }

    /** A table with a header line; cells of what was not measured are empty. */
    public String csv() {
        StringBuilder table = new StringBuilder("step,loss,gradient_norm,learning_rate,accuracy\n");
        for (Point point : points) {
            table.append(point.csv());
        }
        return table.toString();
    }
}
