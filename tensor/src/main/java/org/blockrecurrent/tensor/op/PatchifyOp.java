package org.blockrecurrent.tensor.op;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.GradientSink;
import org.blockrecurrent.tensor.autodiff.Op;

/**
 * Cuts images into patches. A {@link LinearOp} on the result is the patch embedding: a convolution whose stride is its
 * kernel size.
 */
public record PatchifyOp(Tensor images, int patchSize) implements Op {

    /** {@code (B, C, h·p, w·p) → (B, h·w, C·p·p)}, patches row by row, pixels in the order of a convolution's weight. */
    public static Tensor forward(Tensor images, int patchSize) {
        images.requireRank("patchify, images", 4, "(B, C, height, width)");
        int height = images.dim(2);
        int width = images.dim(3);
        if (patchSize < 1 || height % patchSize != 0 || width % patchSize != 0) {
            throw new ShapeException(
                    "patchify: images " + images.shape() + " cannot be cut into patches of " + patchSize + " pixels");
        }
        int patches = (height / patchSize) * (width / patchSize);
        Tensor y = images.backend().empty(Shape.of(images.dim(0), patches, images.dim(1) * patchSize * patchSize));
        images.backend().tokens().patchify(y, images, patchSize);
        return y.recordedBy(new PatchifyOp(images, patchSize));
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(images);
    }

    /** Every pixel is in exactly one patch: its gradient is copied back. */
    @Override
    public void backward(Tensor dy, GradientSink gradients) {
        dy.backend().tokens().patchifyBackward(gradients.into(images), dy, patchSize);
    }
}
