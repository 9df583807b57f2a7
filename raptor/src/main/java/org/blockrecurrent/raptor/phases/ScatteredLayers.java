package org.blockrecurrent.raptor.phases;

import java.util.Arrays;
import java.util.StringJoiner;
import org.blockrecurrent.tensor.InvalidInputException;

/** Any assignment of layers to blocks; the control that asks whether the layers of a block must be neighbours. */
public final class ScatteredLayers implements LayerAssignment {
    private final int[] blockOfLayer;
    private final int blocks;

    /** From the block of each layer 1 … L; blocks are counted from 0 and none is without a layer. */
    public ScatteredLayers(int... blockOfLayer) {
        this.blockOfLayer = blockOfLayer.clone();
        blocks = Arrays.stream(blockOfLayer).max().orElse(-1) + 1;
        for (int block = 0; block < blocks; block++) {
            requireUsed(block);
        }
        if (blocks == 0 || Arrays.stream(blockOfLayer).min().getAsInt() < 0) {
            throw new InvalidInputException("blocks are counted from 0, got " + Arrays.toString(blockOfLayer));
        }
    }

    private void requireUsed(int block) {
        if (Arrays.stream(blockOfLayer).noneMatch(b -> b == block)) {
            throw new InvalidInputException(
                    "block " + block + " computes no layer in " + Arrays.toString(blockOfLayer));
        }
    }

    @Override
    public int layers() {
        return blockOfLayer.length;
    }

    @Override
    public int blocks() {
        return blocks;
    }

    @Override
    public int blockOf(int layer) {
        return blockOfLayer[layer - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScatteredLayers that && Arrays.equals(blockOfLayer, that.blockOfLayer);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blockOfLayer);
    }

    /** {@code 1–2,5 | 3–4,6}. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(" | ");
        for (int block = 0; block < blocks; block++) {
            StringJoiner runs = new StringJoiner(",");
            runsOf(block).forEach(run -> runs.add(run.toString()));
            text.add(runs.toString());
        }
        return text.toString();
    }
}
