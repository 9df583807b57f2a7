package org.blockrecurrent.vit.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.Pictures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherTrainerTest {
    private static final DataSet DATA = Pictures.dataSet(64, 24);

    @TempDir
    private Path folder;

    /** Stops after a number of steps. */
    private record StopAfter(int steps, int[] done) implements TrainingListener {
        @Override
        public void progress(TrainingProgress progress) {}

        @Override
        public boolean stopRequested() {
            return ++done[0] == steps;
        }
    }

    private static Teacher train(
            VectorBackend backend, Path folder, TeacherTraining training, TrainingListener listener) {
        return new TeacherTrainer(backend, TinyTeacher.config(), training, DATA).train(folder, listener);
    }

    private static byte[] trainedBytes(Path folder, int threads, TeacherTraining training) throws IOException {
        try (VectorBackend backend = VectorBackend.open(threads)) {
            train(backend, folder, training, TrainingListener.NONE);
        }
        return Files.readAllBytes(folder.resolve(TeacherTrainer.CHECKPOINT));
    }

    /** Steps before the first report, between two, at one, and the last step of all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 12, 24})
    void a_stopped_run_continues_to_the_same_bits(int stopAfter) throws IOException {
        byte[] whole = trainedBytes(folder.resolve("whole"), 1, TinyTeacher.training());
        Path stopped = folder.resolve("stopped");
        try (VectorBackend backend = VectorBackend.open(1)) {
            assertThatThrownBy(
                            () -> train(backend, stopped, TinyTeacher.training(), new StopAfter(stopAfter, new int[1])))
                    .isInstanceOf(TrainingStoppedException.class)
                    .extracting(e -> ((TrainingStoppedException) e).checkpoint())
                    .isEqualTo(stopped.resolve(TeacherTrainer.UNFINISHED));
        }
        assertThat(stopped.resolve(TeacherTrainer.CHECKPOINT)).doesNotExist();
        assertThat(trainedBytes(stopped, 1, TinyTeacher.training())).isEqualTo(whole);
        assertThat(stopped.resolve(TeacherTrainer.UNFINISHED)).doesNotExist();
        assertThat(stopped.resolve(TeacherTrainer.CURVE))
                .hasSameTextualContentAs(folder.resolve("whole").resolve(TeacherTrainer.CURVE));
    }

    @Test
    void a_run_that_recomputes_its_blocks_has_the_same_bits_and_may_be_continued_without() throws IOException {
        byte[] kept = trainedBytes(folder.resolve("kept"), 1, TinyTeacher.training());
        Path again = folder.resolve("again");
        try (VectorBackend backend = VectorBackend.open(1)) {
            TeacherTrainer trainer = new TeacherTrainer(backend, TinyTeacher.config(), TinyTeacher.training(), DATA)
                    .withRetention(Retention.INPUTS);
            assertThatThrownBy(() -> trainer.train(again, new StopAfter(7, new int[1])))
                    .isInstanceOf(TrainingStoppedException.class);
        }
        assertThat(trainedBytes(again, 1, TinyTeacher.training())).isEqualTo(kept);
        try (VectorBackend backend = VectorBackend.open(1)) {
            Path whole = folder.resolve("whole");
            new TeacherTrainer(backend, TinyTeacher.config(), TinyTeacher.training(), DATA)
                    .withRetention(Retention.INPUTS)
                    .train(whole, TrainingListener.NONE);
            assertThat(whole.resolve(TeacherTrainer.CHECKPOINT)).hasBinaryContent(kept);
        }
    }

    @Test
    void the_same_seed_gives_the_same_bits_and_another_seed_others() throws IOException {
        byte[] first = trainedBytes(folder.resolve("a"), 1, TinyTeacher.training());
        assertThat(trainedBytes(folder.resolve("b"), 1, TinyTeacher.training())).isEqualTo(first);
        assertThat(trainedBytes(folder.resolve("c"), 1, TinyTeacher.training().withSeed(6)))
                .isNotEqualTo(first);
    }

    @Test
    void one_thread_and_two_give_the_same_bits() throws IOException {
        byte[] one = trainedBytes(folder.resolve("one"), 1, TinyTeacher.training());
        assertThat(trainedBytes(folder.resolve("two"), 2, TinyTeacher.training()))
                .isEqualTo(one);
    }

    @Test
    void a_run_of_other_settings_is_not_continued_and_the_message_lists_what_differs() {
        try (VectorBackend backend = VectorBackend.open(1)) {
            assertThatThrownBy(() -> train(backend, folder, TinyTeacher.training(), new StopAfter(3, new int[1])))
                    .isInstanceOf(TrainingStoppedException.class);
            TeacherTraining other =
                    TinyTeacher.training().withLearningRate(1e-3f).withEpochs(9);
            assertThatThrownBy(() -> train(backend, folder, other, TrainingListener.NONE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining(TeacherTrainer.UNFINISHED)
                    .hasMessageContaining("training.epochs is 3, expected 9")
                    .hasMessageContaining("training.learningRate is 0.003, expected 0.001");
        }
    }

    @Test
    void a_run_whose_gradient_is_never_finite_stops_and_says_so() {
        List<Integer> steps = new ArrayList<>();
        TeacherTraining hopeless =
                TinyTeacher.training().withLearningRate(1e30f).withEpochs(20);
        try (VectorBackend backend = VectorBackend.open(1)) {
            assertThatThrownBy(() -> train(backend, folder, hopeless, progress -> steps.add(progress.step())))
                    .isInstanceOf(DivergedException.class)
                    .hasMessageContaining("20 steps in a row")
                    .hasMessageContaining("lower learning rate");
        }
        assertThat(steps.get(steps.size() - 1)).isLessThan(160);
    }

    /** A sanity check of the whole chain, not a claim: bands of light are easily told apart. */
    @Test
    void a_tiny_teacher_learns_what_can_be_read_off_its_images() throws IOException {
        TeacherTraining longer = TinyTeacher.training().withEpochs(20);
        try (VectorBackend backend = VectorBackend.open(1)) {
            Teacher teacher = train(backend, folder, longer, TrainingListener.NONE);
            List<LearningCurve.Point> points = teacher.card().curve().points();
            assertThat(points.get(points.size() - 1).loss())
                    .isLessThan(points.get(0).loss());
            assertThat(teacher.card().accuracy()).isGreaterThan(0.5);
            assertThat(points.get(points.size() - 1).accuracy())
                    .isEqualTo(teacher.card().accuracy());
            Evaluation again = Evaluation.of(teacher.model(), backend, teacher.evaluation(DATA.test(), 7));
            assertThat(again.accuracy()).isEqualTo(teacher.card().accuracy());
            assertThat(teacher.model().parameters().trainable()).isEmpty();
        }
        assertThat(Files.readAllLines(folder.resolve(TeacherTrainer.CURVE)))
                .startsWith("step,loss,gradient_norm,learning_rate,accuracy");
    }

    @Test
    void images_of_another_size_or_number_of_classes_are_refused_before_anything_is_trained() {
        try (VectorBackend backend = VectorBackend.open(1)) {
            DataSet fiveClasses = new DataSet("five", Pictures.of(9, 1, 16, 16, 5), Pictures.of(9, 1, 16, 16, 5));
            assertThatThrownBy(() ->
                            new TeacherTrainer(backend, TinyTeacher.config(), TinyTeacher.training(), fiveClasses))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("head has 4 classes")
                    .hasMessageContaining("has 5");
            DataSet large = new DataSet("large", Pictures.of(9, 1, 20, 20, 4), Pictures.of(9, 1, 20, 20, 4));
            assertThatThrownBy(() -> new TeacherTrainer(backend, TinyTeacher.config(), TinyTeacher.training(), large))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("1 x 16 x 16")
                    .hasMessageContaining("1 x 20 x 20");
        }
    }

    @Test
    void weight_matrices_decay_and_tokens_positions_biases_and_scales_do_not() {
        try (VectorBackend backend = VectorBackend.open(1)) {
            Teacher teacher = train(backend, folder, TinyTeacher.training().withEpochs(1), TrainingListener.NONE);
            List<String> decaying = teacher.model().parameters().all().stream()
                    .filter(TeacherTrainer::decays)
                    .map(parameter -> parameter.name().replaceAll("\\d+", "i"))
                    .distinct()
                    .toList();
            assertThat(decaying)
                    .containsExactlyInAnyOrder(
                            "patch_embed.proj.weight",
                            "blocks.i.attn.qkv.weight",
                            "blocks.i.attn.proj.weight",
                            "blocks.i.mlp.fci.weight",
                            "head.weight");
        }
    }

    /**
     * Handles, records and closures of one step; a single activation of this model (32 · 17 · 128 floats) is more. Reports,
     * evaluations and checkpoints do allocate, so the median step counts. On plain loops: vector kernels that the JIT
     * compiler has not got round to yet allocate their vectors.
     */
    @Test
    void a_step_in_the_middle_of_a_run_allocates_small_objects_only() {
        VitConfig wide = new VitConfig(
                1, 16, 16, 4, 128, 1, 2, 128, Mlp.Kind.GELU, 0, 0.5f, 1e-6f, 0.1f, 4, VitConfig.Pooling.CLS);
        long activation = 32L * 17 * 128 * Float.BYTES;
        TeacherTraining training = TinyTeacher.training().withBatchSize(32).withEpochs(10);
        AllocatedPerStep allocated = new AllocatedPerStep();
        try (VectorBackend backend = VectorBackend.open(1, true)) {
            new TeacherTrainer(backend, wide, training, DATA).train(folder, allocated);
        }
        List<Long> late = allocated.bytes.subList(allocated.bytes.size() - 11, allocated.bytes.size());
        assertThat(late.stream().sorted().toList().get(5)).isLessThan(activation);
    }

    private static final class AllocatedPerStep implements TrainingListener {
        private final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final List<Long> bytes = new ArrayList<>();
        private long before;

        @Override
        public void progress(TrainingProgress progress) {}

        @Override
        public boolean stopRequested() {
            long now = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            bytes.add(now - before);
            before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            return false;
        }
    }
}
