package org.blockrecurrent.raptor.probe;

import java.util.Arrays;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageBatch;

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
        int images = batches.set().count();
        float[] values = new float[Math.multiplyExact(images, width)];
        int[] labels = new int[images];
        int at = 0;
        for (int step = 0; step < batches.perEpoch(); step++) {
            try (Scope scope = backend.openScope()) {
                ImageBatch batch = batches.at(backend, step);
                Tensor last = Trajectory.of(map, teacher.embed(batch.images())).state(map.layers());
                float[] pooled = teacher.pool(last, pooling).toArray();
                System.arraycopy(pooled, 0, values, at * width, pooled.length);
                for (int index : batch.indices()) {
                    labels[at++] = batches.set().label(index);
                }
            }
        }
        return new Features(values, labels, width, batches.set().classes());
    }

    /** Number of images. */
    public int count() {
        return labels.length;
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
