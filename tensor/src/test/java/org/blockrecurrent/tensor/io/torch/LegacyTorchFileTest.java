package org.blockrecurrent.tensor.io.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.bytes;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.floats;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.tensor;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.text;
import static org.blockrecurrent.tensor.io.torch.TorchArchives.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form before torch 1.6. Storage 0 holds four numbers. */
class LegacyTorchFileTest {
    private static final String KEYS = "\u0080\u0002](" + text("0") + "e.";
    private static final String ONE_TENSOR = state(tensor(4, 0, tuple(4), tuple(1)));

    @TempDir
    Path folder;

    private static String state(String tensor) {
        return "\u0080\u0002}" + text("w") + tensor + "s.";
    }

    private static byte[] storage(long elements, float... values) {
        byte[] data = floats(values);
        return ByteBuffer.allocate(Long.BYTES + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(elements)
                .put(data)
                .array();
    }

    private TorchFile open(String pickle, String keys, byte[]... storages) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.writeBytes(bytes(keys));
        for (byte[] storage : storages) {
            rest.writeBytes(storage);
        }
        return TorchFile.open(TorchArchives.legacy(folder.resolve("old.pth"), bytes(pickle), rest.toByteArray()));
    }

    private void requireRefused(String complaint, String pickle, String keys, byte[]... storages) {
        assertThatThrownBy(() -> open(pickle, keys, storages))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void storages_follow_the_pickles() {
        try (TorchFile file = open(ONE_TENSOR, KEYS, storage(4, 1, 2, 3, 4))) {
            assertThat(file.floats("w")).containsExactly(1, 2, 3, 4);
        }
    }

    /** As old files say it: with the source text of the class, which is not looked at. */
    @Test
    void the_class_of_a_module_may_come_with_its_source() {
        String type = "(" + text("module") + "cnets\nNet\n" + text("nets.py") + text("import os") + "tQ";
        String members = text("_parameters") + "}" + text("w") + tensor(4, 0, tuple(4), tuple(1)) + "s";
        String module = "\u0080\u0002" + type + ")\u0081}(" + members + text("_modules") + "}ub.";
        try (TorchFile file = open(module, KEYS, storage(4, 1, 2, 3, 4))) {
            assertThat(file.floats("w")).containsExactly(1, 2, 3, 4);
            assertThat(file.metadata()).containsEntry("__class__", "nets.Net");
        }
    }

    @Test
    void storages_that_are_not_those_of_the_pickle_are_refused() {
        byte[] good = storage(4, 1, 2, 3, 4);
        requireRefused("storage '0' should have 4 elements, but says 3", ONE_TENSOR, KEYS, storage(3, 1, 2, 3));
        requireRefused("should have 4 elements, but says 18446744073709551615", ONE_TENSOR, KEYS, storage(-1));
        requireRefused("ends inside of storage '0'", ONE_TENSOR, KEYS, storage(4, 1, 2, 3));
        requireRefused("ends inside of storage '0'", ONE_TENSOR, KEYS, new byte[5]);
        requireRefused("1 bytes follow its last storage", ONE_TENSOR, KEYS, good, new byte[1]);
        requireRefused(
                "lists storage '1', which its pickle does not speak of", ONE_TENSOR, KEYS.replace("0e", "1e"), good);
        requireRefused("has storage '0' twice", ONE_TENSOR, KEYS.replace("e.", text("0") + "e."), good, good);
        requireRefused("storage '0' is missing", ONE_TENSOR, "\u0080\u0002].");
        requireRefused("are no list", ONE_TENSOR, "\u0080\u0002}.");
        requireRefused("a view beyond its storage", state(tensor(4, 1, tuple(4), tuple(1))), KEYS, good);
    }

    @Test
    void a_storage_of_two_types_is_refused() {
        String asInts = tensor(4, 0, tuple(4), tuple(1)).replace("FloatStorage", "IntStorage");
        String both = "\u0080\u0002}(" + text("a") + tensor(4, 0, tuple(4), tuple(1)) + text("b") + asInts + "u.";
        requireRefused("speaks of storage '0' in two ways", both, KEYS, storage(4, 1, 2, 3, 4));
    }

    @Test
    void a_view_of_a_storage_by_another_name_is_refused() {
        String viewed =
                ONE_TENSOR.replace(text("cpu") + "K\u0004t", text("cpu") + "K\u0004(" + text("1") + "K\0K\u0002tt");
        requireRefused("a persistent id of an unknown form", viewed, KEYS, storage(4, 1, 2, 3, 4));
    }

    @Test
    void a_file_of_a_big_endian_machine_is_refused() throws IOException {
        byte[] good = Files.readAllBytes(HostileFile.golden("torch/checkpoint_legacy.pth"));
        String text = new String(good, StandardCharsets.ISO_8859_1);
        int at = text.indexOf('\u0088', text.indexOf("little_endian"));
        good[at] = (byte) 0x89; // False
        Path file = Files.write(folder.resolve("big.pth"), good);
        assertThatThrownBy(() -> TorchFile.open(file)).hasMessageContaining("not written on a little-endian machine");
    }

    @Test
    void a_file_that_is_cut_short_anywhere_is_refused() throws IOException {
        byte[] good = Files.readAllBytes(HostileFile.golden("torch/checkpoint_legacy.pth"));
        for (int length = 0; length < good.length; length++) {
            Path file = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(good, length));
            assertThatThrownBy(() -> TorchFile.open(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(FormatException.class);
        }
    }
}
