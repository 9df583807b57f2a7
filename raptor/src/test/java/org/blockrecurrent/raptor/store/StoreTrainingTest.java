package org.blockrecurrent.raptor.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.raptor.training.RaptorTrainer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TeacherTrajectories;
import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.raptor.training.TrajectorySource;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.blockrecurrent.vit.training.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training from a store beside training with the teacher on the fly: 90 images in chunks of 20, batches of 8. */
class StoreTrainingTest {
    private static final int IMAGES = 90;
    private static final int PER_CHUNK = 20;

    @TempDir
    private Path folder;

    private static RaptorTraining training() {
        return RaptorTraining.smoke().withEpochs(2, 1).withBatchSize(8).withSeed(7);
    }

    private Path store(int level, Precision precision) {
        Path store = folder.resolve("store" + level + precision);
        try (Backend backend = VectorBackend.open(2)) {
            StoreSettings settings = new StoreSettings(PER_CHUNK, level, precision);
            new TeacherExport(TinyTeacher.of(backend, 1), backend, TinyTeacher.images(IMAGES), settings)
                    .write(store, images -> {});
        }
        return store;
    }

    private interface Sources {
        TrajectorySource of(Teacher teacher);
    }

    private static Map<String, byte[]> train(Path folder, Sources sources, TrainingListener listener)
            throws IOException {
        try (Backend backend = VectorBackend.open(2)) {
            Teacher teacher = TinyTeacher.of(backend, 1);
            RaptorConfig config = RaptorConfig.published(TinyTeacher.config()).withLayerScaleInit(0.1f);
            new RaptorTrainer(backend, teacher, sources.of(teacher), config, training())
                    .train(List.of(Phases.endingAt(2, 4)), folder, listener);
        }
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private static Sources from(Path store) {
        return teacher -> new StoredTrajectories(ActivationStore.open(store), teacher.model());
    }

    private static void assertSame(Map<String, byte[]> got, Map<String, byte[]> want) {
        assertThat(got.keySet()).isEqualTo(want.keySet());
        want.forEach((name, bytes) -> assertThat(got.get(name)).as(name).isEqualTo(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void a_store_trains_to_the_bits_of_the_teacher_on_the_fly(int level) throws IOException {
        Map<String, byte[]> onTheFly = train(
                folder.resolve("on the fly"),
                teacher -> new TeacherTrajectories(teacher, TinyTeacher.images(IMAGES), PER_CHUNK),
                TrainingListener.NONE);
        Map<String, byte[]> stored =
                train(folder.resolve("stored"), from(store(level, Precision.FLOAT32)), TrainingListener.NONE);
        assertSame(stored, onTheFly);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 17})
    void a_stopped_training_from_a_store_continues_to_the_same_bits(int stopAfter) throws IOException {
        Path store = store(3, Precision.FLOAT32);
        Map<String, byte[]> whole = train(folder.resolve("whole"), from(store), TrainingListener.NONE);
        Path stopped = folder.resolve("stopped");
        assertThatThrownBy(() -> train(stopped, from(store), new StopAfter(stopAfter)))
                .isInstanceOf(TrainingStoppedException.class);
        assertSame(train(stopped, from(store), TrainingListener.NONE), whole);
    }

    private static final class StopAfter implements TrainingListener {
        private int left;

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public void progress(TrainingProgress progress) {}

        @Override
        public boolean stopRequested() {
            return --left == 0;
        }
    }

    @Test
    void a_rounded_store_trains_too_and_its_raptor_says_so() throws IOException {
        Map<String, byte[]> rounded =
                train(folder.resolve("rounded"), from(store(3, Precision.BFLOAT16)), TrainingListener.NONE);
        assertThat(new String(rounded.get("raptor-k2.safetensors"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("rounded to bfloat16");
    }

    @Test
    void what_a_store_cannot_give_is_refused() {
        Path store = store(3, Precision.FLOAT32);
        try (Backend backend = VectorBackend.open(1)) {
            Teacher teacher = TinyTeacher.of(backend, 1);
            StoredTrajectories trajectories = new StoredTrajectories(ActivationStore.open(store), teacher.model());
            assertThatThrownBy(() -> trajectories.open(training().withAugment(true), 1, 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("without augmentation");
            assertThatThrownBy(() -> trajectories.open(training().withSmallestCrop(0.5f), 1, 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("without augmentation");
            assertThatThrownBy(() -> trajectories.open(training().withBatchSize(91), 1, 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("more images than the 90");
            Teacher other = TinyTeacher.of(backend, 2);
            assertThatThrownBy(() -> new StoredTrajectories(ActivationStore.open(store), other.model()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("of another teacher");
        }
    }
}
