package org.blockrecurrent.vit.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.InferenceMemory;
import org.blockrecurrent.vit.TokenFeatures;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ViT-B/14 from a file to features of 8 images, in a JVM of its own with a heap of 1200 MiB: {@code -Xmx1200m}. */
class BaseSizeJvmTest {
    private static final long HEAP = 1200L << 20;
    private static final int BATCH = 8;
    private static final int SIDE = 224;

    @TempDir
    Path folder;

    @Test
    void a_model_of_base_size_takes_eight_images_within_its_heap_and_holds_its_weights_once() {
        assertThat(Runtime.getRuntime().maxMemory()).isLessThanOrEqualTo(HEAP);
        VitConfig config = VitConfig.dinov2Base(4);
        Path file = folder.resolve("dinov2_vitb14_reg4_pretrain.safetensors");
        write(config, file);
        try (VectorBackend backend = VectorBackend.open();
                Scope scope = backend.openScope();
                PublishedWeights weights = PublishedWeights.open(file)) {
            VisionTransformer model = weights.load(backend);
            assertThat(weights.config().layers()).isEqualTo(12);
            Tensor images = backend.tensor(Shape.of(BATCH, 3, SIDE, SIDE), pixels());
            float[] cls;
            try (Scope batch = backend.openScope()) {
                cls = TokenFeatures.of(model, images).cls().toArray();
            }
            assertThat(cls).hasSize(BATCH * 768).doesNotContain(Float.NaN);
            VitConfig sized = config.withImage(SIDE, SIDE);
            long activations = BATCH * InferenceMemory.bytesPerImage(sized);
            long largestTensor = 4L * 3072 * 768;
            assertThat(backend.peakBytes())
                    .isLessThan(InferenceMemory.weightBytes(config) + activations + 2 * largestTensor);
            assertThat(InferenceMemory.batchSize(sized, InferenceMemory.freeHeap()))
                    .isGreaterThanOrEqualTo(BATCH);
        }
    }

    /** Weights of the size that keeps activations alive, one tensor after another. */
    private static void write(VitConfig config, Path file) {
        SafetensorsWriter writer = new SafetensorsWriter();
        VisionTransformer.shapes(config).forEach((name, shape) -> writer.floats(name, shape, () -> drawn(name, shape)));
        writer.write(file);
    }

    private static float[] drawn(String name, Shape shape) {
        Philox random = Philox.stream(1, name);
        float[] values = new float[shape.size()];
        boolean isNorm = name.contains("norm") && name.endsWith("weight");
        float scale = (float) Math.sqrt(3.0 / Math.max(1, shape.size() / shape.dim(0)));
        for (int i = 0; i < values.length; i++) {
            values[i] = isNorm ? 1 : scale * (float) (2 * random.uniform(i) - 1);
        }
        return values;
    }

    private static float[] pixels() {
        float[] pixels = new float[BATCH * 3 * SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.01 * i);
        }
        return pixels;
    }
}
