package org.blockrecurrent.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.nn.Initializer;
import org.blockrecurrent.tensor.nn.ParameterSource.Values;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file stands for a checkpoint, and the calls of {@code ask} for a model that is built from it. */
class LoadedValuesTest {
    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void write() {
        path = folder.resolve("model.safetensors");
        new SafetensorsWriter()
                .floats("norm.weight", Shape.of(2), 1, 2)
                .floats("blocks.0.attn.qkv.weight", Shape.of(3, 1), 1, 2, 3)
                .floats("blocks.0.ls1.gamma", Shape.of(2), Float.NaN, 1)
                .floats("head.weight", Shape.of(10, 1), new float[10])
                .doubles("head.bias", Shape.of(1), 0.1)
                .longs("steps", Shape.of(1), 7)
                .write(path);
    }

    private static float[] ask(Values values, String name, int... dims) {
        return values.of(name, Shape.of(dims), Initializer.constant(9));
    }

    @Test
    void what_fits_is_given_and_nothing_is_said() {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            LoadedValues loaded = new LoadedValues(file);
            assertThat(ask(loaded.at(""), "norm.weight", 2)).containsExactly(1, 2);
            assertThat(ask(loaded.at("head."), "bias", 1)).containsExactly(0.1f);
            loaded.requireAllFound();
            loaded.requireExactly("norm.");
        }
    }

    @Test
    void everything_that_does_not_fit_is_listed_in_one_message_with_the_nearest_names() {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            LoadedValues loaded = new LoadedValues(file);
            Values values = loaded.at("");
            assertThat(ask(values, "norm.weigth", 2)).containsExactly(0, 0); // misspelt
            assertThat(ask(values, "cls_token", 1, 2)).containsExactly(0, 0);
            ask(values, "head.weight", 5, 1);
            ask(values, "steps", 2);
            ask(values, "blocks.0.ls1.gamma", 2);
            ask(values, "head.bias", 1);
            assertThatThrownBy(() -> loaded.requireExactly(""))
                    .isInstanceOf(FormatException.class)
                    .hasMessage(path + ": does not fit the model; is it the file of another configuration? Tensors:"
                            + " 2 missing: 'norm.weigth' (2); did you mean 'norm.weight'?, 'cls_token' (1, 2)."
                            + " 2 not asked for: 'norm.weight', 'blocks.0.attn.qkv.weight'."
                            + " 2 of another shape: 'head.weight' is (10, 1), needed (5, 1), 'steps' is (1), needed (2)."
                            + " 1 of another type: 'steps' is I64, needed F32, F16, BF16 or F64."
                            + " 1 not finite: 'blocks.0.ls1.gamma' in 1 of 2 values.");
            assertThatThrownBy(loaded::requireAllFound).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void a_type_that_cannot_be_read_is_listed_with_the_others() {
        try (SafetensorsFile file =
                SafetensorsFile.open(HostileFile.golden("safetensors/unsupported_dtype.safetensors"))) {
            LoadedValues loaded = new LoadedValues(file);
            String name = file.names().iterator().next();
            ask(loaded.at(""), name, file.shape(name).dims());
            ask(loaded.at(""), "other", 1);
            assertThatThrownBy(loaded::requireAllFound)
                    .hasMessageContaining("1 missing: 'other'")
                    .hasMessageContaining("1 of another type: '" + name + "' is F8_E4M3");
        }
    }

    @Test
    void what_is_in_the_file_for_another_purpose_does_not_count_as_extra() {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            LoadedValues loaded = new LoadedValues(file).ignore("steps");
            for (String name : file.names()) {
                if (!name.equals("steps") && !name.contains("gamma")) {
                    ask(loaded.at(""), name, file.shape(name).dims());
                }
            }
            loaded.ignore("blocks.0.ls1.gamma").requireExactly("");
        }
    }
}
