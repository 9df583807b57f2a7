package org.blockrecurrent.vit.data;

import org.blockrecurrent.tensor.Tensor;

/**
 * Some images on a device, in the scope that was open when the batch was made.
 *
 * @param images (B, C, height, width), normalized
 * @param labels (B), each class as a float
 * @param indices the images' places in their set; belongs to the maker of the batch, who will use it again
 */
public record ImageBatch(Tensor images, Tensor labels, int[] indices) {
    /** B. */
    public int size() {
        return indices.length;
    }
}
