package org.blockrecurrent.vit.training;

import java.nio.file.Path;

/** A training run was asked to stop, and has. The checkpoint continues it to the same bits. */
public final class TrainingStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Path checkpoint;

    public TrainingStoppedException(Path checkpoint) {
        super("stopped; checkpoint saved in " + checkpoint);
        this.checkpoint = checkpoint;
    }

    /** The checkpoint that was saved. */
    public Path checkpoint() {
        return checkpoint;
    }
}
