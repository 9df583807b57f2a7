package org.blockrecurrent.raptor.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.blockrecurrent.vit.training.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trainer on a tiny teacher: 96 images in batches of 8, two epochs of stage 1 and one of stage 2. */
class RaptorTrainerTest {
    private static final int IMAGES = 96;
    private static final int STAGE_1_STEPS = 24;
    private static final Phases TWO = Phases.endingAt(2, 4);
    private static final Phases THREE = Phases.endingAt(2, 3, 4);

    @TempDir
    private Path folder;

    private static RaptorTraining training() {
        return RaptorTraining.smoke().withEpochs(2, 1).withBatchSize(8).withSeed(7);
    }

    private static List<TrainedRaptor> train(
            Path folder, List<Phases> partitions, TrainingListener listener, int threads) {
        try (Backend backend = VectorBackend.open(threads)) {
            return trainer(backend, training()).train(partitions, folder, listener);
        }
    }

    private static RaptorTrainer trainer(Backend backend, RaptorTraining training) {
        Teacher teacher = TinyTeacher.of(backend, 1);
        RaptorConfig config = RaptorConfig.published(TinyTeacher.config()).withLayerScaleInit(0.1f);
        return new RaptorTrainer(backend, teacher, TinyTeacher.images(IMAGES), config, training);
    }

    /** Asks to stop after so many steps, and remembers what it was told. */
    private static final class StopAfter implements TrainingListener {
        private final List<TrainingProgress> seen = new ArrayList<>();
        private int left;

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public void progress(TrainingProgress progress) {
            seen.add(progress);
        }

        @Override
        public boolean stopRequested() {
            return --left == 0;
        }
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(path).toString(), Files.readAllBytes(path));
            }
        }
        return files;
    }

    private static void assertSameFiles(Path expected, Path got) throws IOException {
        Map<String, byte[]> want = files(expected);
        Map<String, byte[]> have = files(got);
        assertEquals(want.keySet(), have.keySet());
        want.forEach((name, bytes) -> assertArrayEquals(bytes, have.get(name), name));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, STAGE_1_STEPS, STAGE_1_STEPS + 5})
    void a_stopped_training_continues_to_the_same_bits_in_either_stage(int stopAfter) throws IOException {
        Path whole = folder.resolve("whole");
        Path stopped = folder.resolve("stopped");
        train(whole, List.of(TWO, THREE), TrainingListener.NONE, 2);
        TrainingStoppedException stop = assertThrows(
                TrainingStoppedException.class, () -> train(stopped, List.of(TWO, THREE), new StopAfter(stopAfter), 2));
        assertTrue(Files.exists(stop.checkpoint()), "no checkpoint at " + stop.checkpoint());
        train(stopped, List.of(TWO, THREE), TrainingListener.NONE, 2);
        assertSameFiles(whole, stopped);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, STAGE_1_STEPS + 5})
    void a_training_that_recomputes_its_blocks_has_the_same_bits_and_continues_one_that_does_not(int stopAfter)
            throws IOException {
        Path kept = folder.resolve("kept");
        Path again = folder.resolve("again");
        train(kept, List.of(TWO, THREE), TrainingListener.NONE, 2);
        assertThrows(
                TrainingStoppedException.class, () -> train(again, List.of(TWO, THREE), new StopAfter(stopAfter), 2));
        try (Backend backend = VectorBackend.open(2)) {
            trainer(backend, training())
                    .withRetention(Retention.INPUTS)
                    .train(List.of(TWO, THREE), again, TrainingListener.NONE);
        }
        assertSameFiles(kept, again);
    }

    @Test
    void the_bits_do_not_depend_on_the_number_of_threads() throws IOException {
        train(folder.resolve("one"), List.of(TWO), TrainingListener.NONE, 1);
        train(folder.resolve("three"), List.of(TWO), TrainingListener.NONE, 3);
        assertSameFiles(folder.resolve("one"), folder.resolve("three"));
    }

    @Test
    void a_phase_that_two_partitions_share_is_trained_once() throws IOException {
        StopAfter never = new StopAfter(Integer.MAX_VALUE);
        train(folder, List.of(TWO, THREE), never, 2);
        assertEquals("raptor stage 1, 4 blocks", never.seen.get(0).what());
        assertEquals(
                List.of(
                        "blocks/layers-1-2.safetensors",
                        "blocks/layers-3-4.safetensors",
                        "blocks/layers-3.safetensors",
                        "blocks/layers-4.safetensors",
                        "raptor-k2-curve.csv",
                        "raptor-k2.safetensors",
                        "raptor-k3-curve.csv",
                        "raptor-k3.safetensors"),
                List.copyOf(files(folder).keySet()));
    }

    @Test
    void a_block_comes_out_the_same_whoever_is_trained_beside_it() throws IOException {
        Path together = folder.resolve("together");
        Path oneByOne = folder.resolve("one by one");
        train(together, List.of(TWO, THREE), TrainingListener.NONE, 2);
        train(oneByOne, List.of(THREE), TrainingListener.NONE, 2);
        StopAfter later = new StopAfter(Integer.MAX_VALUE);
        train(oneByOne, List.of(TWO, THREE), later, 2);
        assertEquals("raptor stage 1, 1 blocks", later.seen.get(0).what());
        assertSameFiles(together, oneByOne);
    }

    @Test
    void what_is_finished_is_loaded_and_not_trained_again() {
        train(folder, List.of(TWO), TrainingListener.NONE, 2);
        StopAfter never = new StopAfter(Integer.MAX_VALUE);
        train(folder, List.of(TWO), never, 2);
        assertTrue(never.seen.isEmpty(), "trained again: " + never.seen);
    }

    @Test
    void training_lowers_the_loss_and_reports_it() {
        StopAfter never = new StopAfter(Integer.MAX_VALUE);
        try (Backend backend = VectorBackend.open(2)) {
            RaptorTraining longer = training().withEpochs(10, 10);
            TrainedRaptor raptor =
                    trainer(backend, longer).train(List.of(TWO), folder, never).get(0);
            assertEquals(
                    List.of("layers-1-2", "layers-3-4", "joint"),
                    List.copyOf(raptor.card().curves().keySet()));
            raptor.card().curves().forEach((name, curve) -> {
                double first = curve.points().get(0).loss();
                double last = curve.points().get(curve.points().size() - 1).loss();
                assertTrue(last < first, name + ": loss rose from " + first + " to " + last);
            });
            assertTrue(raptor.raptor().parameters().trainable().isEmpty(), "a trained Raptor is frozen");
        }
    }

    @Test
    void scattered_layers_are_trained_too() {
        Map<String, LayerAssignment> shuffled = new LinkedHashMap<>();
        shuffled.put("shuffled", LayerAssignment.of(0, 1, 0, 1));
        try (Backend backend = VectorBackend.open(2)) {
            TrainedRaptor raptor = trainer(backend, training())
                    .train(shuffled, folder, TrainingListener.NONE)
                    .get(0);
            assertEquals("1,3 | 2,4", raptor.raptor().assignment().toString());
            assertTrue(Files.exists(folder.resolve("blocks/layers-1+3.safetensors")));
        }
    }

    @Test
    void a_stage_without_epochs_is_left_out() {
        try (Backend backend = VectorBackend.open(2)) {
            StopAfter never = new StopAfter(Integer.MAX_VALUE);
            RaptorTraining none = training().withEpochs(0, 0);
            TrainedRaptor raptor =
                    trainer(backend, none).train(List.of(TWO), folder, never).get(0);
            assertTrue(never.seen.isEmpty());
            float[] gamma = raptor.raptor()
                    .parameters()
                    .get("blocks.0.ls1.gamma")
                    .value()
                    .toArray();
            assertEquals(0.1f, gamma[0]);
        }
    }

    @Test
    void a_training_step_leaves_nothing_behind() {
        try (Backend backend = VectorBackend.open(2)) {
            RaptorTrainer trainer = trainer(backend, training());
            try (Scope scope = backend.openScope()) {
                int before = scope.liveStorages();
                trainer.train(List.of(TWO), folder, TrainingListener.NONE);
                List<TrainedRaptor> again = trainer.train(List.of(TWO), folder, TrainingListener.NONE);
                int perRaptor = again.get(0).raptor().parameters().all().size() + 2 * 2; // and constants of two blocks
                assertEquals(before + 2 * perRaptor, scope.liveStorages());
            }
        }
    }

    @Test
    void other_settings_are_refused_and_named() {
        train(folder, List.of(TWO), TrainingListener.NONE, 2);
        try (Backend backend = VectorBackend.open(1)) {
            RaptorTraining other = training().withSeed(8);
            InvalidInputException error = assertThrows(
                    InvalidInputException.class,
                    () -> trainer(backend, other).train(List.of(TWO), folder, TrainingListener.NONE));
            assertTrue(error.getMessage().contains("training.seed is 7, expected 8"), error.getMessage());
        }
    }

    @Test
    void an_unfinished_training_of_other_settings_is_refused() {
        assertThrows(TrainingStoppedException.class, () -> train(folder, List.of(TWO), new StopAfter(3), 2));
        InvalidInputException error = assertThrows(
                InvalidInputException.class, () -> train(folder, List.of(THREE), TrainingListener.NONE, 2));
        assertTrue(error.getMessage().contains("unfinished training with other settings"), error.getMessage());
    }

    @Test
    void what_cannot_be_trained_is_refused_with_a_reason() {
        try (Backend backend = VectorBackend.open(1)) {
            RaptorTrainer trainer = trainer(backend, training());
            assertRefused(
                    "of 5 layers, the teacher has 4",
                    () -> trainer.train(List.of(Phases.endingAt(2, 5)), folder, TrainingListener.NONE));
            assertRefused(
                    "two partitions have 2 phases",
                    () -> trainer.train(List.of(TWO, Phases.endingAt(1, 4)), folder, TrainingListener.NONE));
            RaptorConfig wide =
                    new RaptorConfig(32, 2, 32, org.blockrecurrent.tensor.nn.Mlp.Kind.GELU, 0, 1e-5f, true, 16);
            assertRefused(
                    "embedDim is 32, its teacher's 16",
                    () -> new RaptorTrainer(
                            backend, TinyTeacher.of(backend, 1), TinyTeacher.images(8), wide, training()));
        }
    }

    @Test
    void a_raptor_of_another_teacher_is_refused() {
        train(folder, List.of(TWO), TrainingListener.NONE, 2);
        Path file = RaptorTrainer.file(folder, "k2");
        try (Backend backend = VectorBackend.open(1)) {
            Teacher own = TinyTeacher.of(backend, 1);
            assertEquals("k2", RaptorCheckpoint.load(file, backend, own.model()).name());
            Teacher other = TinyTeacher.of(backend, 2);
            assertRefused(
                    "was trained to follow another teacher", () -> RaptorCheckpoint.load(file, backend, other.model()));
        }
        assertFalse(RaptorCheckpoint.card(file).curves().isEmpty());
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable call) {
        InvalidInputException error = assertThrows(InvalidInputException.class, call);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
