package org.blockrecurrent.vit;

import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;

/**
 * What inference takes on a backend of floats, so that a batch can be chosen that fits. Each block's values go when it is done;
 * the most is held at the end of a block, or for large patches while the images are cut up:
 *
 * <pre>
 *   image    C·H·W
 *   block    N·(9D + F):  x, norm₁, qkv (3), attention, x′, norm₂, MLP (F), y
 *   patches  C·H·W + N·6D
 * </pre>
 */
public final class InferenceMemory {
    /** Larger batches gain nothing: from here on every thread has work in every product. */
    private static final int LARGEST_BATCH = 32;
    /** Of free memory; the rest is for the pool, which may hold a quarter more than is in use, and for the collector. */
    private static final double SHARE = 0.6;

    private InferenceMemory() {}

    /** Bytes of the parameters, which a backend holds once. */
    public static long weightBytes(VitConfig config) {
        long elements = 0;
        for (Shape shape : VisionTransformer.shapes(config).values()) {
            elements += shape.size();
        }
        return Float.BYTES * elements;
    }

    /** Bytes that each image of a batch adds at most, at the configuration's image size. */
    public static long bytesPerImage(VitConfig config) {
        long image = (long) config.channels() * config.imageHeight() * config.imageWidth();
        long tokens = config.layout().tokens();
        long block = tokens * (9L * config.embedDim() + config.mlpDim());
        long patches = image + tokens * 6L * config.embedDim();
        return Float.BYTES * (image + Math.max(block, patches));
    }

    /**
     * The largest batch, of at most {@value #LARGEST_BATCH} images, that should fit into free memory beside the model.
     *
     * @param config with the size that the images have
     * @param freeBytes memory that is free once the model is loaded
     * @throws InvalidInputException if not even one image fits; it says how much one needs
     */
    public static int batchSize(VitConfig config, long freeBytes) {
        long perImage = bytesPerImage(config);
        long fitting = (long) (SHARE * freeBytes) / perImage;
        if (fitting < 1) {
            throw new InvalidInputException("one image of " + config.imageHeight() + " x " + config.imageWidth()
                    + " pixels needs about " + mebibytes((long) (perImage / SHARE)) + " MiB, and "
                    + mebibytes(freeBytes)
                    + " MiB are free; make the images smaller, or give the JVM more memory by -Xmx");
        }
        return (int) Math.min(fitting, LARGEST_BATCH);
    }

    /** What this JVM's heap has left. */
    public static long freeHeap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }

    private static long mebibytes(long bytes) {
        return (bytes >> 20) + 1;
    }
}
