package org.blockrecurrent.raptor.probe;

import java.util.Arrays;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;
import org.blockrecurrent.vit.data.ImageSet;

/**
 * What a frozen backbone makes of a set of images, computed once: what a linear classifier reads after the final norm.
 *
 * @param values (images, width), row-major
 * @param labels class of each image
 * @param width of what is pooled: D, or 2D for cls beside the mean patch
 * @param classes K
 */
public record Features(float[] values, int[] labels, int width, int classes) {

    /**
     * The features of every image once.
     *
     * @param map the teacher itself or a surrogate; embedding and final norm are the teacher's
     * @param batches from {@link Batches#evaluation}
     */
    public static Features of(
            VisionTransformer teacher, LayerMap map, VitConfig.Pooling pooling, Backend backend, Batches batches) {
        int width = teacher.config().pooledDim(pooling);
        Collector collector = new Collector(batches.set(), width);
        batches.forEach(backend, batch -> {
            Tensor last = Trajectory.of(map, teacher.embed(batch.images())).state(map.layers());
            collector.accept(batch, teacher.pool(last, pooling).toArray());
        });
        return collector.result();
    }

    private static final class Collector {
        private final ImageSet set;
        private final int width;
        private final float[] values;
        private final int[] labels;
        private int images;

        Collector(ImageSet set, int width) {
            this.set = set;
            this.width = width;
            values = new float[Math.multiplyExact(set.count(), width)];
            labels = new int[set.count()];
        }

        void accept(ImageBatch batch, float[] pooled) {
            System.arraycopy(pooled, 0, values, images * width, pooled.length);
            for (int index : batch.indices()) {
                labels[images++] = set.label(index);
            }
        }

        /** Of the images that could be read. */
        Features result() {
            boolean all = images == labels.length;
            return new Features(
                    all ? values : Arrays.copyOf(values, images * width),
                    all ? labels : Arrays.copyOf(labels, images),
                    width,
                    set.classes());
        }
    }

    /** Number of images. */
    public int count() {
        return labels.length;
    }

    /** Only the columns {@code from} (inclusive) to {@code to} (exclusive) of each image. */
    public Features columns(int from, int to) {
        float[] some = new float[count() * (to - from)];
        for (int image = 0; image < count(); image++) {
            System.arraycopy(values, image * width + from, some, image * (to - from), to - from);
        }
        return new Features(some, labels, to - from, classes);
    }

    /** Copies the features of some images, one after another, to {@code target}. */
    void gather(int[] images, float[] target) {
        for (int i = 0; i < images.length; i++) {
            System.arraycopy(values, images[i] * width, target, i * width, width);
        }
    }

    /** The features of images {@code from} (inclusive) to {@code to} (exclusive). */
    float[] range(int from, int to) {
        return Arrays.copyOfRange(values, from * width, to * width);
    }
}
