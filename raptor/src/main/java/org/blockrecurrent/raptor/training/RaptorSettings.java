package org.blockrecurrent.raptor.training;

import java.util.List;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.tensor.io.AddedLater;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.image.Normalization;

/**
 * All that determines the bits of a trained Raptor; stored with it, and with an unfinished run, which only the same
 * settings can continue.
 *
 * @param config of its blocks
 * @param blockOfLayer the block, from 0, of each layer 1 … L
 * @param layout of its tokens
 * @param training the numbers of both stages
 * @param teacher fingerprint of the teacher's parameters
 * @param normalization how the images became floats
 * @param dataSet name of the training images
 * @param trainImages their number
 * @param together images that stayed together when their order was shuffled; 1 if none did
 */
public record RaptorSettings(
        RaptorConfig config,
        List<Integer> blockOfLayer,
        TokenLayout layout,
        RaptorTraining training,
        String teacher,
        Normalization normalization,
        String dataSet,
        int trainImages,
        @AddedLater("1") int together) {

    /** Which block computes which layer. */
    public LayerAssignment assignment() {
        return LayerAssignment.of(
                blockOfLayer.stream().mapToInt(Integer::intValue).toArray());
    }
}
