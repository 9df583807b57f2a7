package org.blockrecurrent.cli;

import java.nio.file.Path;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.LayerDissimilarity;
import org.blockrecurrent.raptor.store.StoredTrajectories;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.vit.TrajectoryStream;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.training.Teacher;

/** Measures how unlike a teacher's layers are, and writes it down. */
final class Dissimilarities {
    /** The table's name in a run's folder. */
    static final String FILE = "dissimilarity.csv";

    /** As many as the published matrix was measured on, rounded. */
    private static final int MOST_STORED = 10_000;

    private Dissimilarities() {}

    /** Over the images of an evaluation. */
    static DissimilarityMatrix of(Teacher teacher, Backend backend, Batches batches, Progress progress) {
        LayerDissimilarity dissimilarity = new LayerDissimilarity();
        int images = batches.set().count();
        TrajectoryStream.forEach(teacher.model(), teacher.model(), backend, batches, (trajectory, labels) -> {
            dissimilarity.accept(trajectory);
            progress.step("layer dissimilarity", (int) dissimilarity.images(), images, "images");
        });
        return dissimilarity.result();
    }

    /** Over the first images of an activation store. */
    static DissimilarityMatrix of(StoredTrajectories stored, Backend backend, int batch, Progress progress) {
        LayerDissimilarity dissimilarity = new LayerDissimilarity();
        int images = Math.min(MOST_STORED, stored.images());
        stored.forEach(backend, batch, images, trajectory -> {
            dissimilarity.accept(trajectory);
            progress.step("layer dissimilarity", (int) dissimilarity.images(), images, "images");
        });
        return dissimilarity.result();
    }

    /** As a table with a row for every pair of layers. */
    static void write(DissimilarityMatrix matrix, Path file) {
        StringBuilder table = new StringBuilder("layer,other_layer,dissimilarity\n");
        for (int i = 1; i <= matrix.layers(); i++) {
            for (int j = 1; j <= matrix.layers(); j++) {
                table.append(i)
                        .append(',')
                        .append(j)
                        .append(',')
                        .append(matrix.between(i, j))
                        .append('\n');
            }
        }
        AtomicFile.write(file, table.toString());
    }
}
