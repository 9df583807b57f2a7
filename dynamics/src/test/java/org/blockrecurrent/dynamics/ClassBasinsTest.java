package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClassBasinsTest {
    /** States are floats; a cosine of two of them is off by a few 2⁻²⁴. */
    private static final double FLOAT_STATES = 0x1p-21;

    private static final int D = 5;
    private static final int CLASSES = 3;
    private static final int IMAGES = 18;

    private final Backend backend = new ReferenceBackend();
    private final TokenLayout layout = new TokenLayout(0, 2);
    private final Planted planted = new Planted(backend, layout, D);

    @AfterEach
    void close() {
        backend.close();
    }

    private static int[] labels(int images) {
        int[] labels = new int[images];
        for (int image = 0; image < images; image++) {
            labels[image] = image / 2 % CLASSES; // in pairs, so that both halves of the split see every class
        }
        return labels;
    }

    /** x₀ is the same for all classes; at x₁ class c points along e_c, up to 20° off towards e₄, to one side or the other. */
    private static double[] clustered(int layer, int image, int token) {
        if (layer == 0) {
            return Planted.basis(D, 4, 1 + image);
        }
        double angle = Math.toRadians(image % 2 == 0 ? 20 : -20);
        double[] x = Planted.basis(D, labels(IMAGES)[image], 3 * Math.cos(angle));
        x[4] = 3 * Math.sin(angle);
        return x;
    }

    private ClassBasins basins() {
        ClassBasins basins = new ClassBasins();
        basins.accept(planted.trajectory(1, 0, IMAGES, ClassBasinsTest::clustered), labels(IMAGES));
        return basins;
    }

    private static double value(ClassBasins basins, String measure, int layer) {
        double cls = Planted.value(basins, measure, "", "cls", layer);
        double meanPatch = Planted.value(basins, measure, "", ClassBasins.MEAN_PATCH, layer);
        assertThat(meanPatch).as("all tokens were planted alike").isCloseTo(cls, within(FLOAT_STATES * 60));
        return cls;
    }

    /** Of a class of 6, 3 lean one way and 3 the other: 6 pairs at 0°, 9 pairs at 40°. Across classes: ± sin² 20°. */
    @Test
    void planted_clusters_have_the_cosines_of_their_pairs() {
        ClassBasins basins = basins();
        double within = (6 + 9 * Math.cos(Math.toRadians(40))) / 15;
        assertThat(value(basins, ClassBasins.WITHIN_COSINE, 1)).isCloseTo(within, within(FLOAT_STATES));
        assertThat(value(basins, ClassBasins.BETWEEN_COSINE, 1)).isCloseTo(0, within(FLOAT_STATES));
        assertThat(value(basins, ClassBasins.WITHIN_ANGLE, 1))
                .isCloseTo(Math.toDegrees(Math.acos(within)), within(60 * 4 * FLOAT_STATES));
        assertThat(value(basins, ClassBasins.BETWEEN_ANGLE, 1)).isCloseTo(90, within(60 * FLOAT_STATES));
    }

    @Test
    void planted_clusters_are_told_apart_and_a_common_direction_is_not() {
        ClassBasins basins = basins();
        assertThat(value(basins, ClassBasins.ACCURACY, 1)).isEqualTo(1);
        assertThat(value(basins, ClassBasins.WITHIN_COSINE, 0)).isCloseTo(1, within(FLOAT_STATES));
        assertThat(value(basins, ClassBasins.BETWEEN_COSINE, 0)).isCloseTo(1, within(FLOAT_STATES));
    }

    /** The definition, pair by pair. */
    @Test
    void sums_give_what_pairs_give() {
        int images = 14;
        double[][] units = new double[images][];
        ClassCloud cloud = new ClassCloud(D, images);
        for (int i = 0; i < images; i++) {
            units[i] = Planted.normal(D, "units", i);
            double norm = Directions.norm(units[i]);
            for (int d = 0; d < D; d++) {
                units[i][d] /= norm;
            }
            cloud.add(units[i], labels(images)[i]);
        }
        double[] sum = new double[2];
        double[] pairs = new double[2];
        for (int i = 0; i < images; i++) {
            for (int j = 0; j < i; j++) {
                int kind = labels(images)[i] == labels(images)[j] ? 0 : 1;
                sum[kind] += Directions.dot(units[i], units[j]);
                pairs[kind]++;
            }
        }
        assertThat(cloud.withinCosine()).isCloseTo(sum[0] / pairs[0], within(1e-13));
        assertThat(cloud.betweenCosine()).isCloseTo(sum[1] / pairs[1], within(1e-13));
    }

    @Test
    void a_stream_longer_than_the_store_is_judged_on_its_first_images() {
        ClassCloud cloud = new ClassCloud(D, 6);
        for (int i = 0; i < 20; i++) {
            cloud.add(Planted.basis(D, i / 2 % CLASSES, 1), i / 2 % CLASSES);
        }
        assertThat(cloud.judged()).isEqualTo(3);
        assertThat(cloud.nearestCentroidAccuracy()).isEqualTo(1);
    }

    @Test
    void images_without_labels_are_refused() {
        Trajectory unlabelled = planted.trajectory(1, 0, 2, ClassBasinsTest::clustered);
        assertThatThrownBy(() -> new ClassBasins().accept(unlabelled, new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 labels for 2 images");
    }
}
