package org.blockrecurrent.raptor.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.published.OfficialCheckpoint.Known;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the official trainer wrote, and ours read back. */
class OfficialCheckpointTest {
    private static final TokenLayout LAYOUT = new TokenLayout(4, 3);
    private static final Phases PHASES = Phases.endingAt(7, 10, 12);

    @TempDir
    private Path folder;

    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    private static Path golden(String name) {
        try {
            return Path.of(OfficialCheckpointTest.class
                    .getResource("/golden/raptor/checkpoints/" + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<String> versions() {
        return Stream.of("torch2.15.0/", "torch2.3.1/");
    }

    private static Known known(Phases phases, Integer heads) {
        return new Known(12, LAYOUT, phases, heads);
    }

    private Raptor load(Path file, Known known) {
        try (OfficialCheckpoint checkpoint = OfficialCheckpoint.open(file)) {
            return checkpoint.raptor(backend, known);
        }
    }

    private static void assertHolds(Raptor raptor, Path values) {
        try (TensorFile wanted = SafetensorsFile.open(values)) {
            assertThat(raptor.parameters().all().stream().map(Parameter::name))
                    .containsExactlyInAnyOrderElementsOf(wanted.names());
            raptor.parameters()
                    .all()
                    .forEach(parameter -> assertThat(parameter.value().toArray())
                            .as(parameter.name())
                            .isEqualTo(wanted.floats(parameter.name())));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_whole_module_says_all_that_is_needed(String version) {
        for (String file : List.of("final_raptor3.pt", "module_cuda_location.pt")) {
            Raptor raptor = load(golden(version + file), known(null, null));
            assertThat(raptor.assignment()).isEqualTo(PHASES);
            assertThat(raptor.config()).isEqualTo(new RaptorConfig(20, 2, 40, Mlp.Kind.SWIGLU, 1e-5f, 1e-5f, true, 16));
            assertThat(raptor.parameters().trainable()).isEmpty();
            assertHolds(raptor, golden(version + "final_raptor3.safetensors"));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_state_dict_needs_phases_and_heads(String version) {
        for (String file : List.of("state_dict.pt", "state_dict_legacy.pt", "final_raptor3.safetensors")) {
            Path path = golden(version + file);
            assertHolds(load(path, known(PHASES, 2)), golden(version + "final_raptor3.safetensors"));
            assertRefused("does not say where its 3 phases end", path, known(null, 2));
            assertRefused(
                    "does not say how many attention heads its blocks of width 20 have", path, known(PHASES, null));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void a_block_of_stage_1_is_a_block_and_no_raptor(String version) {
        for (String file : List.of("final_block.pt", "block_step_0.pt", "block_gelu_plain.pt")) {
            try (OfficialCheckpoint checkpoint = OfficialCheckpoint.open(golden(version + file))) {
                assertThat(checkpoint.blocks()).isZero();
                assertThat(checkpoint.block(backend, null)).isNotNull();
                boolean plain = file.contains("plain");
                assertThat(checkpoint.config(null).mlp()).isEqualTo(plain ? Mlp.Kind.GELU : Mlp.Kind.SWIGLU);
                assertThat(checkpoint.config(null).depthScale()).isEqualTo(!plain);
                assertThat(checkpoint.config(null).layerScaleInit() > 0).isEqualTo(!plain);
            }
            assertRefused("holds a single block", golden(version + file), known(null, null));
        }
    }

    @Test
    void what_contradicts_the_file_is_refused() {
        Path module = golden("torch2.15.0/final_raptor3.pt");
        assertRefused(
                "has the phases 1–7 | 8–10 | 11–12, 1–4 | 5–12 were given",
                module,
                known(Phases.endingAt(4, 12), null));
        assertRefused("has 2 attention heads, 4 were given", module, known(null, 4));
        assertRefused("its thresholds [7, 10] are none of 9 layers", module, new Known(9, LAYOUT, null, null));
        Path dict = golden("torch2.15.0/state_dict.pt");
        assertRefused("a teacher of 12 layers do not fit it", dict, known(Phases.endingAt(7, 12), 2));
        assertRefused("a teacher of 12 layers do not fit it", dict, known(Phases.endingAt(7, 10, 13), 2));
        assertRefused("heads 3 must divide embedDim 20", dict, known(PHASES, 3));
        assertRefused(
                "is no Raptor of the official code", golden("torch2.15.0/probe_classifier.pt"), known(null, null));
    }

    private void assertRefused(String part, Path file, Known known) {
        assertThatThrownBy(() -> load(file, known))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(part);
    }

    private Raptor fresh(LayerAssignment phases, float eps) {
        RaptorConfig config = new RaptorConfig(24, 3, 40, Mlp.Kind.SWIGLU, 0.1f, eps, true, 16);
        return new Raptor(config, phases, LAYOUT, ParameterSource.fresh(backend, 5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"raptor.safetensors", "raptor.pth", "raptor.pt"})
    void what_is_exported_is_read_back_to_the_bit_and_needs_nothing_said(String name) {
        Raptor raptor = fresh(PHASES, 1e-5f);
        Path file = folder.resolve(name);
        OfficialExport.write(file, raptor);
        Raptor back = load(file, known(null, null));
        assertThat(back.assignment()).isEqualTo(PHASES);
        assertThat(back.config()).isEqualTo(raptor.config().withLayerScaleInit(1e-5f));
        float[] x0 = new float[2 * LAYOUT.tokens() * 24];
        for (int i = 0; i < x0.length; i++) {
            x0[i] = (float) Math.sin(i);
        }
        Tensor x = backend.tensor(Shape.of(2, LAYOUT.tokens(), 24), x0);
        Trajectory ours = Trajectory.of(raptor, x);
        Trajectory theirs = Trajectory.of(back, x);
        for (int layer = 0; layer <= 12; layer++) {
            assertThat(theirs.state(layer).toArray())
                    .isEqualTo(ours.state(layer).toArray());
        }
    }

    /** Outputs as shares of their largest value: double against double, and float against double, as the README has it. */
    @ParameterizedTest
    @CsvSource({
        "reference, pth, 1e-11",
        "reference, safetensors, 1e-11",
        "vector, pth, 2e-6",
        "vector, safetensors, 2e-6"
    })
    void an_official_raptor_rolls_out_as_in_the_official_code(String device, String ending, double tolerance) {
        Path golden = golden("../trajectory/k3.safetensors");
        Path file = folder.resolve("k3." + ending);
        TokenLayout layout = new TokenLayout(4, 7);
        Phases phases = Phases.endingAt(3, 5, 6);
        try (Backend other = device.equals("vector") ? VectorBackend.open(1) : new ReferenceBackend();
                TensorFile values = SafetensorsFile.open(golden)) {
            ParameterSource source =
                    ParameterSource.of(other, (name, shape, initializer) -> values.floats("param/" + name));
            RaptorConfig config = BlockShapes.config(values, "param/blocks.0.", 4, 1e-5f);
            OfficialExport.write(file, new Raptor(config, phases, layout, source));
            try (OfficialCheckpoint checkpoint = OfficialCheckpoint.open(file)) {
                Raptor raptor = checkpoint.raptor(other, new Known(6, layout, null, null));
                assertRollsOut(raptor, values, tolerance);
            }
        }
    }

    private static void assertRollsOut(Raptor raptor, TensorFile golden, double tolerance) {
        int[] dims = golden.shape("f64/rollout").dims(); // (B, L + 1, N, D)
        int state = dims[2] * dims[3];
        double[] want = golden.doubles("f64/rollout");
        float[] x0 = new float[dims[0] * state];
        for (int b = 0; b < dims[0]; b++) {
            for (int i = 0; i < state; i++) {
                x0[b * state + i] = (float) want[b * dims[1] * state + i];
            }
        }
        Backend backend = raptor.parameters().all().iterator().next().value().backend();
        Trajectory got = Trajectory.of(raptor, backend.tensor(Shape.of(dims[0], dims[2], dims[3]), x0));
        double largest = java.util.Arrays.stream(want).map(Math::abs).max().orElseThrow();
        for (int layer = 0; layer < dims[1]; layer++) {
            double[] values = got.state(layer).toDoubles();
            for (int i = 0; i < values.length; i++) {
                double wanted = want[(i / state * dims[1] + layer) * state + i % state];
                assertThat(values[i]).as("layer %d", layer).isCloseTo(wanted, within(tolerance * largest));
            }
        }
    }

    @Test
    void a_single_phase_has_no_thresholds() {
        Path file = folder.resolve("one.pth");
        OfficialExport.write(file, fresh(Phases.endingAt(12), 1e-5f));
        assertThat(load(file, known(null, null)).assignment()).isEqualTo(Phases.endingAt(12));
    }

    @Test
    void what_the_official_code_does_not_know_is_not_exported() {
        Path file = folder.resolve("raptor.pth");
        assertThatThrownBy(() -> OfficialExport.write(file, fresh(LayerAssignment.of(0, 1, 0), 1e-5f)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("scattered");
        assertThatThrownBy(() -> OfficialExport.write(file, fresh(PHASES, 1e-6f)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("eps 1.0E-6");
        assertThatThrownBy(() -> OfficialExport.write(folder.resolve("raptor.onnx"), fresh(PHASES, 1e-5f)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("choose one of these endings");
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void tensors_that_are_missing_misshapen_or_too_many_are_all_named() {
        Path file = folder.resolve("wrong.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        fresh(PHASES, 1e-5f).parameters().all().forEach(parameter -> {
            String name = parameter.name();
            if (name.equals("blocks.1.ls1.gamma")) {
                writer.floats(name, Shape.of(23), new float[23]);
            } else if (!name.equals("blocks.2.norm2.bias")) {
                writer.tensor(name, parameter.value());
            }
        });
        writer.floats("blocks.0.extra", Shape.of(1), 1).write(file);
        assertThatThrownBy(() -> load(file, known(PHASES, 3)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("1 missing: 'blocks.2.norm2.bias'")
                .hasMessageContaining("'blocks.0.extra'")
                .hasMessageContaining("'blocks.1.ls1.gamma' is (23), needed (24)");
    }

    @Test
    void an_mlp_that_is_neither_gelu_nor_swiglu_is_refused() {
        Path file = folder.resolve("odd.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        fresh(PHASES, 1e-5f).parameters().all().forEach(parameter -> {
            boolean first = parameter.name().endsWith("mlp.0.weight");
            writer.floats(
                    parameter.name(),
                    first ? Shape.of(60, 24) : parameter.shape(),
                    first ? new float[60 * 24] : parameter.value().toArray());
        });
        writer.write(file);
        assertRefused("makes 60 channels, and the next layer takes 40", file, known(PHASES, 3));
    }
}
