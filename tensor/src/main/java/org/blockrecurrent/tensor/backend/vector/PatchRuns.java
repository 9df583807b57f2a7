package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Tensor;

/** The runs of {@code patchSize} neighbouring pixels that images and their patches have in common. */
record PatchRuns(int channels, int height, int width, int patchSize) {

    static PatchRuns of(Tensor images, int patchSize) {
        return new PatchRuns(images.dim(1), images.dim(2), images.dim(3), patchSize);
    }

    /** Where a run begins among the patches and in the images. */
    @FunctionalInterface
    interface Run {
        void at(int patch, int image);
    }

    int imageSize() {
        return channels * height * width;
    }

    /** Visits the runs of some images in the order in which they lie in the patches. */
    void forEach(int fromImage, int toImage, Run visitor) {
        for (int b = fromImage; b < toImage; b++) {
            int patch = b * imageSize();
            for (int top = 0; top < height; top += patchSize) {
                for (int left = 0; left < width; left += patchSize) {
                    patch = visitPatch(b * imageSize() + top * width + left, patch, visitor);
                }
            }
        }
    }

    private int visitPatch(int corner, int patch, Run visitor) {
        int next = patch;
        for (int channel = 0; channel < channels; channel++) {
            for (int row = 0; row < patchSize; row++) {
                visitor.at(next, corner + (channel * height + row) * width);
                next += patchSize;
            }
        }
        return next;
    }
}
