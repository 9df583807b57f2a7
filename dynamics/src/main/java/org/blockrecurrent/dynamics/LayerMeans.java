package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Means by layer of quantities that are summed image by image. */
final class LayerMeans {
    /** What a mean is of: the columns of the table that are known beforehand. */
    record Key(String measure, String condition, String tokens, String unit) {
        Key(String measure, String tokens, String unit) {
            this(measure, "", tokens, unit);
        }
    }

    private static final class Sums {
        double[] sum = new double[0];
        long[] count = new long[0];
        long[] images = new long[0];

        void grow(int length) {
            if (length > sum.length) {
                sum = Arrays.copyOf(sum, length);
                count = Arrays.copyOf(count, length);
                images = Arrays.copyOf(images, length);
            }
        }
    }

    private final Map<Key, Sums> sums = new LinkedHashMap<>();

    /** Adds one image's sum over {@code count} values to a layer's mean. */
    void add(Key key, int layer, double sum, int count) {
        Sums of = sums.computeIfAbsent(key, unseen -> new Sums());
        of.grow(layer + 1);
        of.sum[layer] += sum;
        of.count[layer] += count;
        of.images[layer]++;
    }

    void merge(LayerMeans next) {
        next.sums.forEach((key, others) -> {
            Sums of = sums.computeIfAbsent(key, unseen -> new Sums());
            of.grow(others.sum.length);
            for (int layer = 0; layer < others.sum.length; layer++) {
                of.sum[layer] += others.sum[layer];
                of.count[layer] += others.count[layer];
                of.images[layer] += others.images[layer];
            }
        });
    }

    List<MeasureTable.Row> rows(String model) {
        List<MeasureTable.Row> rows = new ArrayList<>();
        sums.forEach((key, of) -> {
            for (int layer = 0; layer < of.sum.length; layer++) {
                if (of.count[layer] > 0) {
                    rows.add(new MeasureTable.Row(
                            key.measure,
                            key.condition,
                            model,
                            layer,
                            key.tokens,
                            of.sum[layer] / of.count[layer],
                            key.unit,
                            of.images[layer]));
                }
            }
        });
        return rows;
    }
}
