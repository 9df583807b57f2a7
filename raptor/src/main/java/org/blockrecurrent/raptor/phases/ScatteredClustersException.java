package org.blockrecurrent.raptor.phases;

import org.blockrecurrent.tensor.InvalidInputException;

/** The released max-cut gave clusters that are not runs of layers: they are no phases, and a Raptor has no use for them. */
public final class ScatteredClustersException extends InvalidInputException {
    private static final long serialVersionUID = 1L;

    private final transient LayerAssignment clusters;

    ScatteredClustersException(LayerAssignment clusters) {
        super("max-cut gives clusters that are not contiguous, " + clusters
                + ": choose --splitter bisection or dp, or another k");
        this.clusters = clusters;
    }

    /** The clusters, each a block. */
    public LayerAssignment clusters() {
        return clusters;
    }
}
