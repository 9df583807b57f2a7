package org.blockrecurrent.raptor;

import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.LayerMap;

/** A layer map that is trained to follow a teacher's. */
public interface Surrogate extends LayerMap {
    /**
     * The same map with the depth scales of all its layers computed now: once, in the current scope, and as part of the
     * graph. What a training step rolls out, and what inference over many batches may keep.
     *
     * @param retention of each step, from its forward to its backward pass
     */
    LayerMap unrolled(Retention retention);

    /** As {@link #unrolled(Retention)}, keeping everything. */
    default LayerMap unrolled() {
        return unrolled(Retention.EVERYTHING);
    }
}
