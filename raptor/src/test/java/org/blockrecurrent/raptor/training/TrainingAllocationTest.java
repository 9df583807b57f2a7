package org.blockrecurrent.raptor.training;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training step allocates on the Java heap once the pool is warm: small objects, but no arrays of values. */
class TrainingAllocationTest {
    private static final int SMALL_BATCH = 8;
    private static final int LARGE_BATCH = 64;
    private static final int STEPS = 40;

    @TempDir
    private Path folder;

    @Test
    void what_a_step_allocates_does_not_grow_with_the_batch() {
        boolean counted = ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean bean
                && bean.isThreadAllocatedMemorySupported();
        if (!counted) {
            System.out.println("TrainingAllocationTest skipped: this JVM does not count what a thread allocates");
        }
        assumeTrue(counted);
        long small = bytesPerStep(SMALL_BATCH);
        long large = bytesPerStep(LARGE_BATCH);
        int floatsOfOneState = LARGE_BATCH
                * TinyTeacher.config().layout().tokens()
                * TinyTeacher.config().embedDim();
        // A step makes some hundred tensors of this size: were a single one not from the pool, it would show.
        assertTrue(
                large - small < floatsOfOneState * Float.BYTES,
                "a step allocates " + small + " bytes for " + SMALL_BATCH + " images, " + large + " for "
                        + LARGE_BATCH);
    }

    /** The least of any stretch between two reports: checkpoints and compilation are in the others. */
    private long bytesPerStep(int batch) {
        List<Long> perStep = new ArrayList<>();
        long[] last = new long[2];
        // Without vector instructions: until they are compiled, the JVM boxes vectors, and when that is depends on its
        // load.
        try (Backend backend = VectorBackend.open(1, true)) {
            int epochs = STEPS * batch / 256;
            RaptorTraining training = RaptorTraining.smoke()
                    .withEpochs(Math.max(1, epochs), Math.max(1, epochs))
                    .withBatchSize(batch);
            new RaptorTrainer(
                            backend,
                            TinyTeacher.of(backend, 1),
                            TinyTeacher.images(256),
                            RaptorConfig.quickStart(TinyTeacher.config()),
                            training)
                    .train(
                            List.of(Phases.endingAt(2, 4)),
                            folder.resolve("batch " + batch),
                            progress -> record(progress, last, perStep));
        }
        return perStep.stream().mapToLong(Long::longValue).min().getAsLong();
    }

    private static void record(TrainingProgress progress, long[] last, List<Long> perStep) {
        long now = ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
        if (progress.step() > last[1]) {
            perStep.add((now - last[0]) / (progress.step() - last[1]));
        }
        last[0] = now;
        last[1] = progress.step();
    }
}
