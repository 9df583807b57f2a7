package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.random.Philox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final int FLIPS = 200;

    @TempDir
    Path folder;

    private Path path;
    private ReferenceBackend backend;

    record Config(int dim, String name) {}

    @BeforeEach
    void save() {
        backend = new ReferenceBackend();
        path = folder.resolve("run.safetensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("model.weight", backend.tensor(Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
        tensors.put("model.bias", backend.tensor(Shape.of(2), 7, 8));
        tensors.put("optimizer.m.weight", backend.tensor(Shape.of(2, 3), 0, 0, 0, 0, 0, 1));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "test");
        metadata.put("config", Json.text(new Config(3, "tiny")));
        Checkpoint.save(path, tensors, metadata);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void a_model_is_built_again_from_what_was_saved() {
        try (Checkpoint checkpoint = Checkpoint.open(path).require("format", "test")) {
            assertThat(checkpoint.json("config", Config.class)).isEqualTo(new Config(3, "tiny"));
            ParameterSource source = ParameterSource.of(backend, checkpoint.values("model."));
            Tensor weight = source.take("weight", Initializer.constant(0), 2, 3);
            Tensor bias = source.take("bias", Initializer.constant(0), 2);
            checkpoint.requireExactly("model.");
            assertThat(weight.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(bias.toArray()).containsExactly(7, 8);
        }
    }

    @Test
    void all_that_does_not_fit_is_listed_in_one_message() {
        Checkpoint checkpoint = Checkpoint.open(path);
        ParameterSource.Values values = checkpoint.values("model.");
        values.of("wieght", Shape.of(2, 3), Initializer.constant(0));
        values.of("scale", Shape.of(4), Initializer.constant(0));
        values.of("bias", Shape.of(3), Initializer.constant(0));
        assertThatThrownBy(() -> checkpoint.requireExactly("model."))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(
                        "2 missing: 'model.wieght' (2, 3); did you mean 'model.weight'?, 'model.scale' (4)")
                .hasMessageContaining("1 not asked for: 'model.weight'")
                .hasMessageContaining("1 of another shape: 'model.bias' is (2), needed (3)");
        assertThatThrownBy(() -> checkpoint.requireExactly("")).hasMessageContaining("'optimizer.m.weight'");
    }

    @Test
    void a_forgotten_check_is_made_up_for_when_the_checkpoint_is_closed() {
        Checkpoint checkpoint = Checkpoint.open(path);
        checkpoint.values("model.").of("nothing", Shape.of(1), Initializer.constant(0));
        assertThatThrownBy(checkpoint::close)
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("model.nothing");
    }

    @Test
    void values_that_are_not_finite_are_named_and_counted() {
        SafetensorsWriter contents = new SafetensorsWriter();
        Checkpoint.save(path, contents.floats("w", Shape.of(4), 1, Float.NaN, 2, Float.NEGATIVE_INFINITY));
        Checkpoint checkpoint = Checkpoint.open(path);
        checkpoint.values("").of("w", Shape.of(4), Initializer.constant(0));
        assertThatThrownBy(() -> checkpoint.requireExactly(""))
                .hasMessageContaining("1 not finite: 'w' in 2 of 4 values");
    }

    @Test
    void a_flipped_bit_is_detected_wherever_it_is() throws IOException {
        byte[] good = Files.readAllBytes(path);
        Philox random = Philox.stream(1, "flips");
        for (int i = 0; i < FLIPS; i++) {
            int bit = random.below(good.length * 8, i);
            byte[] damaged = good.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(path, damaged);
            assertThatThrownBy(() -> Checkpoint.open(path)).as("bit " + bit).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void swapped_values_are_detected() throws IOException {
        byte[] good = Files.readAllBytes(path);
        byte[] swapped = good.clone();
        System.arraycopy(good, good.length - 24, swapped, good.length - 56, 24);
        Files.write(path, swapped);
        assertThatThrownBy(() -> Checkpoint.open(path)).hasMessageContaining("is damaged");
    }

    @Test
    void a_file_cut_short_at_any_length_is_refused() throws IOException {
        byte[] good = Files.readAllBytes(path);
        for (int length = 0; length < good.length; length++) {
            Files.write(path, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> Checkpoint.open(path))
                    .as(length + " bytes")
                    .isInstanceOf(FormatException.class);
        }
    }

    @Test
    void other_safetensors_files_and_other_formats_are_refused() {
        assertThatThrownBy(() -> Checkpoint.open(path).require("format", "raptor"))
                .hasMessageContaining("has format 'test', needed 'raptor'");
        assertThatThrownBy(() -> Checkpoint.open(path).metadata("progress")).hasMessageContaining("has no 'progress'");
        new SafetensorsWriter().floats("x", Shape.of(1), 1).write(path);
        assertThatThrownBy(() -> Checkpoint.open(path)).hasMessageContaining("is not a checkpoint");
    }

    @Test
    void saving_the_same_twice_gives_the_same_bytes() throws IOException {
        byte[] first = Files.readAllBytes(path);
        backend.close();
        save();
        assertThat(Files.readAllBytes(path)).isEqualTo(first);
    }
}
