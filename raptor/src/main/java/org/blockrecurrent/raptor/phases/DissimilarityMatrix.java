package org.blockrecurrent.raptor.phases;

import org.blockrecurrent.tensor.InvalidInputException;

/** How unlike each pair of the layers 1 … L is: symmetric. The diagonal counts for nothing. */
public final class DissimilarityMatrix {
    private final double[][] values;

    /** From values in row-major order; row and column 0 are layer 1. */
    public DissimilarityMatrix(double[][] values) {
        this.values = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != values.length) {
                throw new InvalidInputException("dissimilarity: row " + (i + 1) + " has " + values[i].length + " of "
                        + values.length + " columns");
            }
            this.values[i] = values[i].clone();
        }
        requireSymmetric();
    }

    private void requireSymmetric() {
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < i; j++) {
                if (!(values[i][j] == values[j][i])) {
                    throw new InvalidInputException("dissimilarity: layers " + (j + 1) + " and " + (i + 1) + " have "
                            + values[j][i] + " and " + values[i][j] + "; the matrix must be symmetric");
                }
            }
        }
    }

    /** L. */
    public int layers() {
        return values.length;
    }

    /** The dissimilarity of two layers, counted from 1. */
    public double between(int layer, int other) {
        return values[layer - 1][other - 1];
    }

    /** Sum over all pairs: the weight that a cut is a fraction of. */
    public double totalWeight() {
        return within(new Phase(1, layers()));
    }

    /** Sum over the pairs of layers inside a phase. */
    public double within(Phase phase) {
        double sum = 0;
        for (int i = phase.first(); i <= phase.last(); i++) {
            for (int j = i + 1; j <= phase.last(); j++) {
                sum += between(i, j);
            }
        }
        return sum;
    }

    /** Sum over the pairs that an assignment puts into different blocks. */
    public double cut(LayerAssignment assignment) {
        double sum = 0;
        for (int i = 1; i <= layers(); i++) {
            for (int j = i + 1; j <= layers(); j++) {
                sum += assignment.blockOf(i) == assignment.blockOf(j) ? 0 : between(i, j);
            }
        }
        return sum;
    }

    /** A copy of the values; row and column 0 are layer 1. */
    public double[][] toArray() {
        double[][] copy = values.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i].clone();
        }
        return copy;
    }
}
