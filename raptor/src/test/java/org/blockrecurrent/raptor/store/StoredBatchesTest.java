package org.blockrecurrent.raptor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.data.BatchOrder;
import org.blockrecurrent.vit.training.Teacher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 22 images of a tiny teacher in chunks of 5. */
class StoredBatchesTest {
    private static final int IMAGES = 22;
    private static final int PER_CHUNK = 5;

    @TempDir
    private Path folder;

    private Backend backend;
    private Teacher teacher;
    private ActivationStore store;
    private Trajectory all;

    @BeforeEach
    void write() {
        backend = VectorBackend.open(2);
        teacher = TinyTeacher.of(backend, 1);
        StoreSettings settings = new StoreSettings(PER_CHUNK, 3, Precision.FLOAT32);
        new TeacherExport(teacher, backend, TinyTeacher.images(IMAGES), settings).write(folder, images -> {});
        store = ActivationStore.open(folder);
        var images = teacher.evaluation(TinyTeacher.images(IMAGES), IMAGES)
                .at(backend, 0)
                .images();
        all = Trajectory.of(teacher.model(), teacher.model().embed(images));
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private StoredBatches training(int batch, int epochs) {
        BatchOrder order = new BatchOrder(IMAGES, PER_CHUNK, true, 3);
        return new StoredBatches(store, layout(), order, batch, IMAGES / batch * batch, epochs);
    }

    private TokenLayout layout() {
        return teacher.model().layout();
    }

    /** Which image of the set each one of a batch is, by its last state; all states must be that image's. */
    private List<Integer> imagesOf(Trajectory batch) {
        List<Integer> images = new ArrayList<>();
        for (int i = 0; i < batch.batch(); i++) {
            for (int image = 0; image < IMAGES; image++) {
                if (isImage(batch, i, image)) {
                    images.add(image);
                }
            }
        }
        return images;
    }

    private boolean isImage(Trajectory batch, int position, int image) {
        int size = layout().tokens() * batch.embedDim();
        for (int depth = 0; depth <= batch.layers(); depth++) {
            float[] got = batch.state(depth).toArray();
            float[] want = all.state(depth).toArray();
            for (int i = 0; i < size; i++) {
                if (got[position * size + i] != want[image * size + i]) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Integer> images(StoredBatches batches, int step) {
        try (Scope scope = backend.openScope()) {
            return imagesOf(batches.at(backend, step));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 7, 22})
    void batches_follow_the_order_of_seed_and_epoch(int batch) {
        try (StoredBatches batches = training(batch, 2)) {
            List<Integer> shown = new ArrayList<>();
            for (int step = 0; step < 2 * batches.perEpoch(); step++) {
                shown.addAll(images(batches, step));
            }
            BatchOrder order = new BatchOrder(IMAGES, PER_CHUNK, true, 3);
            List<Integer> expected = new ArrayList<>();
            for (int epoch = 0; epoch < 2; epoch++) {
                int[] images = order.of(epoch);
                for (int i = 0; i < IMAGES / batch * batch; i++) {
                    expected.add(images[i]);
                }
            }
            assertThat(shown).isEqualTo(expected);
        }
    }

    @Test
    void a_step_gives_the_same_batch_whatever_was_asked_for_before() {
        try (StoredBatches one = training(4, 3);
                StoredBatches other = training(4, 3)) {
            List<Integer> seventh = images(one, 7);
            images(other, 0);
            images(other, 1);
            assertThat(images(other, 7)).isEqualTo(seventh);
            assertThat(images(other, 8)).isEqualTo(images(one, 8));
        }
    }

    @Test
    void a_pass_over_the_images_shows_them_in_order_with_a_smaller_last_batch() {
        List<Integer> shown = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        new StoredTrajectories(store, teacher.model()).forEach(backend, 8, 99, batch -> {
            shown.addAll(imagesOf(batch));
            sizes.add(batch.batch());
        });
        assertThat(sizes).containsExactly(8, 8, 6);
        assertThat(shown)
                .isEqualTo(java.util.stream.IntStream.range(0, IMAGES).boxed().toList());
    }

    @Test
    void only_the_first_images_are_shown_if_no_more_are_wanted() {
        List<Integer> shown = new ArrayList<>();
        new StoredTrajectories(store, teacher.model()).forEach(backend, 8, 9, batch -> shown.addAll(imagesOf(batch)));
        assertThat(shown).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    /** Rows of which an epoch shows no image are not read: with 22 images in batches of 20 that may be the row of two. */
    @Test
    void every_row_is_asked_for_once_in_an_epoch_and_only_if_it_is_shown() {
        BatchOrder order = new BatchOrder(IMAGES, PER_CHUNK, true, 3);
        for (int shown : new int[] {5, 12, 20, 22}) {
            RowSequence rows = new RowSequence(order, shown, 4, 0, 0);
            for (int epoch = 0; epoch < 4; epoch++) {
                List<Integer> expected = new ArrayList<>();
                for (int i = 0; i < shown; i++) {
                    int row = order.of(epoch)[i] / PER_CHUNK;
                    if (expected.isEmpty() || expected.get(expected.size() - 1) != row) {
                        expected.add(row);
                    }
                }
                List<Integer> got = new ArrayList<>();
                expected.forEach(row -> got.add(rows.nextInt()));
                assertThat(got).isEqualTo(expected).doesNotHaveDuplicates();
            }
            assertThat(rows.hasNext()).isFalse();
        }
    }

    @Test
    void damage_is_reported_by_the_step_that_needs_the_chunk() throws IOException {
        Files.write(folder.resolve("3.2.0.0"), new byte[20]);
        List<Integer> shown = new ArrayList<>();
        assertThatThrownBy(() -> new StoredTrajectories(store, teacher.model())
                        .forEach(backend, 5, 99, batch -> shown.addAll(imagesOf(batch))))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("3.2.0.0");
        assertThat(shown).hasSize(15);
    }

    @Test
    void no_reader_thread_is_left_behind() {
        try (StoredBatches batches = training(4, 2)) {
            images(batches, 0);
            assertThat(readers()).isPositive();
        }
        assertThat(readers()).isZero();
    }

    private static long readers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("activation store reader"))
                .count();
    }
}
