package org.blockrecurrent.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.floats;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.tensor;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.text;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.tuple;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.io.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of pickles that torch would not write, or not in these fixtures. Storage 0 holds 1, 2, 3, 4. */
@Timeout(value = 10, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class ContentsTest {
    private static final String PARAMETER = tensor(4, 0, tuple(4), tuple(1));

    @TempDir
    Path folder;

    private Path file(String pickle) {
        return TorchArchives.zip(
                folder.resolve("made.pth"),
                TorchArchives.bytes("\u0080\u0002" + pickle),
                Map.of("0", floats(1, 2, 3, 4)));
    }

    private float[] only(String tensor) {
        try (TorchFile file = TorchFile.open(file("}" + text("w") + tensor + "s."))) {
            return file.floats("w");
        }
    }

    @Test
    void views_are_gathered_by_their_strides() {
        assertThat(only(tensor(4, 0, tuple(2, 2), tuple(1, 2)))).containsExactly(1, 3, 2, 4);
        assertThat(only(tensor(4, 1, tuple(2), tuple(2)))).containsExactly(2, 4);
        assertThat(only(tensor(4, 3, ")", ")"))).containsExactly(4);
        assertThat(only(tensor(4, 2, tuple(2, 2), tuple(0, 1)))).containsExactly(3, 4, 3, 4);
        assertThat(only(tensor(4, 0, tuple(2, 2), tuple(1, 1)))).containsExactly(1, 2, 2, 3);
        assertThat(only(tensor(4, 0, tuple(1, 4), tuple(77, 1)))).containsExactly(1, 2, 3, 4);
        assertThat(only(tensor(4, 9, tuple(0, 3), tuple(5, 5)))).isEmpty();
    }

    @Test
    void views_beyond_their_storage_are_refused() {
        for (String tensor : new String[] {
            tensor(4, 1, tuple(4), tuple(1)),
            tensor(4, 0, tuple(2), tuple(4)),
            tensor(4, 0, tuple(5), tuple(0)),
            tensor(4, 4, ")", ")")
        }) {
            assertThatThrownBy(() -> only(tensor))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("tensor 'w' is a view beyond its storage of 4 elements");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ctorch._utils\\n_rebuild_parameter\\n)R                  | is a parameter of nothing
        ctorch._utils\\n_rebuild_tensor_v2\\n(NNNNtR             | no storage with an offset
        ctorch._tensor\\n_rebuild_from_type_v2\\n(NNNNtR         | of a class whose tensors are not known
        """)
    void a_tensor_that_is_built_of_something_else_is_refused_with_its_name(String tensor, String complaint) {
        assertThatThrownBy(() -> only(tensor.strip().replace("\\n", "\n")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("tensor 'w' ")
                .hasMessageContaining(complaint);
    }

    @Test
    void a_tensor_that_is_negated_lazily_is_refused() {
        String negated = PARAMETER.substring(0, PARAMETER.length() - 3) + "}}" + text("neg") + "\u0088stR";
        assertThatThrownBy(() -> only(negated)).hasMessageContaining("negated or conjugated lazily");
    }

    @ParameterizedTest
    @ValueSource(strings = {"N", "K\u0001", "]", "cblock\nBlock\n", ")"})
    void what_is_no_dict_and_no_module_is_refused(String root) {
        assertThatThrownBy(() -> TorchFile.open(file(root + ".")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(", no state_dict and no module");
    }

    @Test
    void a_single_tensor_is_refused() {
        assertThatThrownBy(() -> TorchFile.open(file(PARAMETER + ".")))
                .hasMessageContaining("holds a single tensor, no state_dict");
    }

    @Test
    void an_empty_state_dict_is_accepted() {
        try (TorchFile file = TorchFile.open(file("}."))) {
            assertThat(file.names()).isEmpty();
        }
    }

    @Test
    void two_tensors_of_one_name_are_refused() {
        String nested = "}" + text("a") + "}" + text("b") + PARAMETER + "ss" + text("a.b") + PARAMETER + "s.";
        assertThatThrownBy(() -> TorchFile.open(file(nested))).hasMessageContaining("has two tensors called 'a.b'");
    }

    @Test
    void what_a_class_of_dict_or_list_holds_is_found() {
        String dict = "cmine\nDict\n)\u0081" + text("a") + PARAMETER + "s" + PARAMETER + "a.";
        try (TorchFile file = TorchFile.open(file(dict))) {
            assertThat(file.names()).containsExactly("a", "0");
            assertThat(file.attributes().text("__class__")).isEqualTo("mine.Dict");
        }
    }

    /** [[…], […]] sixty times over, of a tensor: a few hundred bytes that stand for 2⁶⁰ paths. */
    @ParameterizedTest
    @ValueSource(strings = {"list", "tuple", "dict", "module"})
    void a_graph_of_shared_nodes_is_walked_within_bounds(String kind) {
        StringBuilder pickle = new StringBuilder("}" + text("a") + PARAMETER + "q\0");
        for (int level = 0; level < 60; level++) {
            char child = (char) level;
            char node = (char) (level + 1);
            pickle.append('0') // the node lies in the memo, not on the stack
                    .append(
                            switch (kind) {
                                case "list" -> "](h" + child + "h" + child + "e";
                                case "tuple" -> "h" + child + "h" + child + "\u0086";
                                case "dict" -> "}(" + text("x") + "h" + child + text("y") + "h" + child + "u";
                                default ->
                                    "cm\nM\n)\u0081}(" + text("_parameters") + "}" + text("_modules") + "}(" + text("x")
                                            + "h" + child + text("y") + "h" + child + "uub";
                            })
                    .append("q")
                    .append(node);
        }
        pickle.append("s.");
        assertThatThrownBy(() -> TorchFile.open(file(pickle.toString())))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("that is no state_dict and no module");
    }

    @Test
    void long_names_are_bounded_together() {
        String key = "X\0\0\u0010\0" + "k".repeat(1 << 20) + "q\0"; // one text of a mebibyte …
        StringBuilder pickle = new StringBuilder("}" + key);
        for (int level = 0; level < 20; level++) {
            pickle.append("}h\0"); // … that is the key on every level
        }
        pickle.append(PARAMETER).append("s".repeat(21)).append('.');
        assertThatThrownBy(() -> TorchFile.open(file(pickle.toString())))
                .hasMessageContaining("has names of more than 16777216 characters together");
    }

    @Test
    void a_storage_may_be_read_as_two_types_if_its_size_fits() {
        String asInts = tensor(2, 0, tuple(2), tuple(1)).replace("FloatStorage", "LongStorage");
        try (TorchFile file = TorchFile.open(file("}(" + text("f") + PARAMETER + text("i") + asInts + "u."))) {
            assertThat(file.dtype("i")).isEqualTo("I64");
            assertThat(file.longs("i"))
                    .containsExactly(
                            ByteBuffer.wrap(floats(1, 2, 3, 4))
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .asLongBuffer()
                                    .get(0),
                            ByteBuffer.wrap(floats(3, 4))
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .getLong());
        }
    }
}
