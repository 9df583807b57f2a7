package org.blockrecurrent.tensor.io.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles are given by their bytes, as characters up to 255. */
class PickleTest {
    /** Knows one function, and takes every text for a persistent id. */
    private static final PickleMeaning MEANING = new PickleMeaning() {
        @Override
        public boolean knows(PyGlobal function) {
            return function.toString().equals("known.function");
        }

        @Override
        public Object reference(Object id) {
            return id instanceof String text ? "-> " + text : null;
        }
    };

    @TempDir
    Path folder;

    @Test
    void scalars_of_every_opcode_are_read() {
        assertThat(read("N.")).isEqualTo(PyNone.NONE);
        assertThat(read("\u0088.")).isEqualTo(true);
        assertThat(read("\u0089.")).isEqualTo(false);
        assertThat(read("J\u00fe\u00ff\u00ff\u00ff.")).isEqualTo(-2L);
        assertThat(read("K\u00c8.")).isEqualTo(200L);
        assertThat(read("M\u0001\u0002.")).isEqualTo(0x201L);
        assertThat(read("G\u003f\u00e8\0\0\0\0\0\0.")).isEqualTo(0.75);
        assertThat(read("X\u0002\0\0\0\u00c3\u00bc.")).isEqualTo("ü");
        assertThat(read("\u008c\u0002ab.")).isEqualTo("ab");
        assertThat(read("\u008d\u0002\0\0\0\0\0\0\0ab.")).isEqualTo("ab");
        assertThat(read("U\u0002ab.")).isEqualTo("ab");
        assertThat(read("T\u0002\0\0\0ab.")).isEqualTo("ab");
        assertThat(read("S'ab'\n.")).isEqualTo("ab");
        assertThat(read("C\u0002ab.")).isEqualTo(new byte[] {'a', 'b'});
        assertThat(read("B\u0001\0\0\0a.")).isEqualTo(new byte[] {'a'});
        assertThat(read("\u008e\u0001\0\0\0\0\0\0\0a.")).isEqualTo(new byte[] {'a'});
    }

    @Test
    void long_integers_are_little_endian_in_twos_complement() {
        assertThat(read("\u008a\0.")).isEqualTo(0L);
        assertThat(read("\u008a\u0001\u00ff.")).isEqualTo(-1L);
        assertThat(read("\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f."))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(read("\u008a\u0009\0\0\0\0\0\0\0\u0080\0.")).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(read("\u008b\u0002\0\0\0\0\u0001.")).isEqualTo(256L);
    }

    @Test
    void containers_are_read_in_order() {
        assertThat(items(read("(K\u0001K\u0002t."))).containsExactly(1L, 2L);
        assertThat(items(read("K\u0001K\u0002K\u0003\u0087."))).containsExactly(1L, 2L, 3L);
        assertThat(items(read("](K\u0001K\u0002eK\u0003a."))).containsExactly(1L, 2L, 3L);
        assertThat(items(read("(K\u0001K\u0002l."))).containsExactly(1L, 2L);
        assertThat(items(read("\u008f(K\u0001K\u0002\u0090."))).containsExactly(1L, 2L);
        assertThat(((PyList) read("(K\u0001\u0091.")).isSet()).isTrue();
        PyDict dict = (PyDict) read("}(U\u0001aK\u0001U\u0001bK\u0002uK\u0007Ns.");
        assertThat(dict.entries().keySet()).containsExactly("a", "b", 7L);
        assertThat(dict.get("b")).isEqualTo(2L);
        assertThat(((PyDict) read("(U\u0001aK\u0001d.")).get("a")).isEqualTo(1L);
    }

    @Test
    void the_memo_gives_the_same_thing_again() {
        List<Object> shared = items(read("]q\0h\0\u0086."));
        assertThat(shared.get(0)).isSameAs(shared.get(1));
        assertThat(items(read("]\u0094h\0\u0086."))).hasSize(2);
        assertThat(items(read("]r\u00ff\u00ff\u00ff\u00ffj\u00ff\u00ff\u00ff\u00ff\u0086.")))
                .hasSize(2);
        assertThat(items(read("]p12\ng12\n\u0086."))).hasSize(2);
        PyList itself = (PyList) read("]q\0h\0a.");
        assertThat(itself.items()).containsExactly(itself);
    }

    @Test
    void a_global_is_its_name_and_nothing_else() {
        assertThat(read("cos\nsystem\n.")).isEqualTo(new PyGlobal("os", "system"));
        assertThat(read("\u008c\u0002os\u008c\u0006system\u0093.")).hasToString("os.system");
    }

    @Test
    void containers_made_by_calls_are_containers() {
        assertThat(read("ccollections\nOrderedDict\n)R.")).isInstanceOf(PyDict.class);
        PyDict python2 = (PyDict) read("ccollections\nOrderedDict\n]](U\u0001aK\u0001ea\u0085R.");
        assertThat(python2.get("a")).isEqualTo(1L);
        assertThat(read("ccollections\ndefaultdict\ncbuiltins\nlist\n\u0085R.")).isInstanceOf(PyDict.class);
        assertThat(items(read("c__builtin__\nset\n](K\u0001K\u0002e\u0085R."))).containsExactly(1L, 2L);
        assertThat(items(read("cbuiltins\nlist\n)R."))).isEmpty();
    }

    @Test
    void a_known_call_is_kept_with_its_arguments_and_its_state() {
        PyObject call = (PyObject) read("cknown\nfunction\nK\u0001\u0085R}b.");
        assertThat(call.maker()).hasToString("known.function");
        assertThat(call.arguments()).containsExactly(1L);
        assertThat(call.state()).isInstanceOf(PyDict.class);
    }

    @Test
    void an_object_of_any_class_is_its_name_its_state_and_what_was_put_in_it() {
        PyObject object = (PyObject) read("cmine\nList\n)\u0081}U\u0001aK\u0001sbK\u0005aU\u0001kK\u0006s.");
        assertThat(object.maker()).hasToString("mine.List");
        assertThat(((PyDict) object.state()).get("a")).isEqualTo(1L);
        assertThat(object.elements().items()).containsExactly(5L);
        assertThat(object.entries().get("k")).isEqualTo(6L);
    }

    @Test
    void persistent_ids_are_the_formats_to_understand() {
        assertThat(read("U\u0001aQ.")).isEqualTo("-> a");
        assertThatThrownBy(() -> read("NQ.")).hasMessageContaining("a persistent id of an unknown form: None");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cknown\nother\n)R.",
                "cknown\nfunction\nK\u0001\u0085\u0081.", // arguments of a class
                "cbuiltins\nset\nK\u0001\u0085R.", // not made of a list
                "ccollections\nOrderedDict\n](K\u0001e\u0085R.", // not made of pairs
                "cbuiltins\neval\n)R.",
                "\u008c\u0008builtins\u008c\u0004eval\u0093)R.",
            })
    void a_call_of_anything_else_is_refused_with_its_name(String pickle) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(FormatException.class)
                .hasMessageMatching(
                        "(?s).*byte \\d+ of the pickle: would have Python call '\\w+\\.\\w+'.*nothing was called.*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080\u0001N.", // protocol 1
                "NN.", // two things left
                "(N.", // a mark left
                "0.", // nothing to pop
                "(K\u0001\u0086.", // two of which one lies below the mark
                "}(U\u0001aU\u0001bU\u0001cu.", // three of key, value, key
                "}U\u0001aNsU\u0001aNs.", // a key twice
                "}(]Nu.", // a list for a key
                "K\u0001Na.", // append to a number
                "N}b.", // a state of None
                "NNR.", // None called
                "N)\u0081.", // an object of None
                "NN\u0093.", // a class called None
                "S'a\\n'\n.", // escapes
                "Sa\n.", // no quotes
                "px\nN.", // a memo id that is no number
                "c\u00ff\nx\n.", // a name that is not ASCII
                "X\u0001\0\0\0\u00ff.", // not UTF-8
                "X\u0003\0\0\0\u00ed\u00a0\u0080.", // a surrogate
                "I1\n.", // an opcode of protocol 0
                "o.",
                "(No.",
            })
    void what_no_pickler_writes_is_refused(String pickle) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(" of the pickle: ");
    }

    @Test
    void a_pickle_that_ends_anywhere_is_refused() {
        String whole = "\u0080\u0004\u0095\u0010\0\0\0\0\0\0\0}(\u008c\u0001aK\u0001\u008c\u0001b](K\u0002eu.";
        assertThat(((PyDict) read(whole)).entries()).hasSize(2);
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as("cut to %d", length).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void a_pickle_of_more_parts_than_any_checkpoint_has_is_refused() {
        assertThatThrownBy(() -> read("(" + "}".repeat(5_000_000) + "t."))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("the pickle has more than 4194304 parts");
        assertThatThrownBy(() -> read("c" + "a".repeat(10_000))).hasMessageContaining("longer than any name");
    }

    /** A hash table would take quadratic time for them if it could not order them. */
    @Test
    void names_that_were_made_to_collide_are_as_good_as_others() {
        StringBuilder dict = new StringBuilder("}(");
        for (int i = 0; i < 1 << 14; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 14; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB"); // of one hash
            }
            dict.append("cm\n").append(name).append("\nN");
        }
        assertThat(((PyDict) read(dict.append("u.").toString())).entries()).hasSize(1 << 14);
    }

    @Test
    void texts_longer_than_the_buffer_are_read_whole() {
        String text = "0123456789".repeat(3000);
        List<Object> items = items(read("(X\u0030\u0075\0\0" + text + "K\u0007X\u0030\u0075\0\0" + text + "t."));
        assertThat(items).containsExactly(text, 7L, text);
    }

    @Test
    void one_pickle_after_another_is_read_from_where_the_last_ended() throws IOException {
        Path file = Files.write(folder.resolve("two.pkl"), "xK\u0001.K\u0002.".getBytes(StandardCharsets.ISO_8859_1));
        Object[] read = PositionedFile.open(file, opened -> {
            PickleInput in = new PickleInput(opened, "both", 1, opened.bytes());
            Object first = Pickle.read(in, MEANING);
            assertThat(in.position()).isEqualTo(4);
            return new Object[] {first, Pickle.read(in, MEANING), in.remaining()};
        });
        assertThat(read).containsExactly(1L, 2L, 0L);
    }

    private static List<Object> items(Object node) {
        return node instanceof PyTuple tuple ? tuple.items() : ((PyList) node).items();
    }

    private Object read(String pickle) {
        byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("test.pkl");
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return PositionedFile.open(
                file, opened -> Pickle.read(new PickleInput(opened, "the pickle", 0, bytes.length), MEANING));
    }
}
