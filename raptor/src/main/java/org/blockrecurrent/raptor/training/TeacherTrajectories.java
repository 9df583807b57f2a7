package org.blockrecurrent.raptor.training;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.data.Augmentation;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.Teacher;

/**
 * Trajectories computed by the teacher when they are needed: no disk, fresh augmentation in every epoch, and its forward pass
 * in every step.
 *
 * @param together images that stay together when their order is shuffled; 1 but for comparison with a store
 */
public record TeacherTrajectories(Teacher teacher, ImageSet set, int together) implements TrajectorySource {

    public TeacherTrajectories {
        teacher.requireFits(set);
    }

    public TeacherTrajectories(Teacher teacher, ImageSet set) {
        this(teacher, set, 1);
    }

    @Override
    public String name() {
        return set.name();
    }

    @Override
    public int images() {
        return set.count();
    }

    @Override
    public TrajectoryBatches open(RaptorTraining training, int epochs, long seed) {
        Augmentation augmentation = training.augmentation(teacher, seed);
        Batches batches =
                Batches.training(set, teacher.normalization(), training.batchSize(), augmentation, together, seed);
        return new OnTheFly(batches);
    }

    private final class OnTheFly implements TrajectoryBatches {
        private final Batches batches;

        OnTheFly(Batches batches) {
            this.batches = batches;
        }

        @Override
        public int batch() {
            return batches.batch();
        }

        @Override
        public int perEpoch() {
            return batches.perEpoch();
        }

        @Override
        public Trajectory at(Backend backend, int step) {
            return Trajectory.of(
                    teacher.model(),
                    teacher.model().embed(batches.at(backend, step).images()));
        }

        @Override
        public void close() {
            // Holds nothing but memory.
        }
    }
}
