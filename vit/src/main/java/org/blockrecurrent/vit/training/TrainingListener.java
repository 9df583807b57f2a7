package org.blockrecurrent.vit.training;

/** Watches a training run, and may ask it to stop. Called by the training thread. */
public interface TrainingListener {
    /** Watches nothing. */
    TrainingListener NONE = progress -> {};

    /** Called at the start, every few steps and at the end. */
    void progress(TrainingProgress progress);

    /** Asked after every step; if true, the run saves a checkpoint and throws {@link TrainingStoppedException}. */
    default boolean stopRequested() {
        return false;
    }
}
