package org.blockrecurrent.raptor.store;

import java.nio.file.Path;
import java.util.function.IntConsumer;
import org.blockrecurrent.raptor.TeacherFingerprint;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.ImageSet;
import org.blockrecurrent.vit.training.Teacher;

/** Writes a teacher's trajectories of a set of images, in the order of the set, into a store. */
public final class TeacherExport {
    private static final int LARGEST_BATCH = 64;
    private static final int THREADS = Math.min(2, Runtime.getRuntime().availableProcessors());

    private final Teacher teacher;
    private final Backend backend;
    private final ImageSet images;
    private final StoreSettings settings;

    public TeacherExport(Teacher teacher, Backend backend, ImageSet images, StoreSettings settings) {
        teacher.requireFits(images);
        this.teacher = teacher;
        this.backend = backend;
        this.images = images;
        this.settings = settings;
    }

    /** How large the store will be before compression. */
    public StoreSize size() {
        VisionTransformer model = teacher.model();
        int width = model.config().embedDim();
        return new StoreSize(images.count(), model.layers() + 1, model.layout().tokens(), width);
    }

    /** Throws unless the disk of a folder has room for what is still to be written there. */
    public void requireSpace(Path folder) {
        double rows = Math.ceil((double) images.count() / settings.imagesPerChunk());
        double chunks = rows * (teacher.model().layers() + 1);
        double missing = 1 - ChunkLog.read(folder).size() / chunks;
        // The last row of chunks is stored at full size.
        size().requireSpace(folder, missing * rows * settings.imagesPerChunk() / images.count());
    }

    /**
     * Writes the store, or what an interrupted run has left of it. Throws at once if the disk has no room for it.
     *
     * @param progress is told after every batch how many images are done; what it throws ends the run, which can be continued
     */
    public void write(Path folder, IntConsumer progress) {
        VisionTransformer model = teacher.model();
        requireSpace(folder);
        try (ActivationWriter writer = ActivationWriter.open(
                folder, card(), model.layers(), model.config().embedDim(), settings, THREADS)) {
            Batches batches = teacher.evaluation(images, batch());
            while (writer.next() < writer.images()) {
                try (Scope scope = backend.openScope()) {
                    int step = writer.next() / batches.batch();
                    writer.accept(Trajectory.of(
                            model, model.embed(batches.at(backend, step).images())));
                }
                progress.accept(writer.next());
            }
            writer.finish();
        }
    }

    private StoreCard card() {
        return new StoreCard(
                TeacherFingerprint.of(teacher.model()),
                teacher.normalization(),
                images.name(),
                images.count(),
                teacher.model().layout(),
                settings.precision());
    }

    /** The largest divisor of a chunk's images: a run is continued at the beginning of a chunk, and so of a batch. */
    private int batch() {
        int batch = Math.min(LARGEST_BATCH, settings.imagesPerChunk());
        while (settings.imagesPerChunk() % batch != 0) {
            batch--;
        }
        return batch;
    }
}
