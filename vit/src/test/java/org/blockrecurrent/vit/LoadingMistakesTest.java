package org.blockrecurrent.vit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.LoadedValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.torch.TorchWriter;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of weights that are not of the model into which they are loaded. */
class LoadingMistakesTest {
    private static final VitConfig CONFIG = VitConfig.smoke();

    @TempDir
    Path folder;

    /** What loading says of a file that was made from the parameters of the model, their names and shapes changed. */
    private String complaint(UnaryOperator<String> name, BiFunction<String, Shape, Shape> shape) {
        Path path = folder.resolve("model.pth");
        TorchWriter writer = new TorchWriter();
        try (ReferenceBackend backend = new ReferenceBackend()) {
            VisionTransformer fresh = new VisionTransformer(CONFIG, ParameterSource.fresh(backend, 1));
            for (Parameter parameter : fresh.parameters().all()) {
                Shape changed = shape.apply(parameter.name(), parameter.shape());
                writer.floats(name.apply(parameter.name()), changed, new float[changed.size()]);
            }
            writer.write(path);
            Throwable thrown = catchThrowable(() -> load(path, backend));
            assertThat(thrown).isInstanceOf(FormatException.class);
            return thrown.getMessage();
        }
    }

    private static void load(Path path, ReferenceBackend backend) {
        try (TensorFile file = TensorFiles.open(path)) {
            LoadedValues values = new LoadedValues(file);
            new VisionTransformer(
                    CONFIG, ParameterSource.of(backend, values.at("")).frozen());
            values.requireExactly("");
        }
    }

    private static int parameters() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            return new VisionTransformer(CONFIG, ParameterSource.fresh(backend, 1))
                    .parameters()
                    .all()
                    .size();
        }
    }

    @Test
    void weights_of_a_wider_model_are_refused_with_every_tensor() {
        String complaint = complaint(name -> name, (name, shape) -> {
            int[] dims = shape.dims();
            dims[dims.length - 1] *= 2;
            return Shape.of(dims);
        });
        assertThat(complaint)
                .contains("does not fit the model; is it the file of another configuration?")
                .contains(" " + parameters() + " of another shape: ")
                .contains("'norm.weight' is (" + 2 * CONFIG.embedDim() + "), needed (" + CONFIG.embedDim() + ")")
                .doesNotContain(" missing")
                .doesNotContain("\n");
    }

    @Test
    void a_head_of_another_number_of_classes_is_named_alone() {
        String complaint = complaint(
                name -> name,
                (name, shape) -> name.equals("head.weight") ? Shape.of(shape.dim(0) + 1, shape.dim(1)) : shape);
        assertThat(complaint)
                .contains(" 1 of another shape: 'head.weight' is (" + (CONFIG.classes() + 1) + ", ")
                .doesNotContain("norm.weight");
    }

    @Test
    void names_that_are_slightly_different_are_all_listed_and_hinted_at() {
        String complaint = complaint(name -> name.replace("attn.qkv", "attn.kqv"), (name, shape) -> shape);
        assertThat(complaint)
                .contains(" " + 2 * CONFIG.layers() + " missing: 'blocks.0.attn.qkv.weight'")
                .contains("; did you mean 'blocks.0.attn.kqv.weight'?")
                .contains(" " + 2 * CONFIG.layers() + " not asked for: 'blocks.0.attn.kqv.weight'");
    }
}
