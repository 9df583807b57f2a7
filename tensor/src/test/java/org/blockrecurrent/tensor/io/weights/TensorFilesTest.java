package org.blockrecurrent.tensor.io.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.HostileFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.ShardIndex;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.numpy.NpzFile;
import org.blockrecurrent.tensor.io.torch.TorchFile;
import org.blockrecurrent.tensor.io.torch.TorchWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorFilesTest {
    @TempDir
    Path folder;

    private void safetensors(String name, String tensor) {
        new SafetensorsWriter().floats(tensor, Shape.of(1), 1).write(folder.resolve(name));
    }

    private void torch(String name, String tensor) {
        new TorchWriter().floats(tensor, Shape.of(1), 2).write(folder.resolve(name));
    }

    private void requireOpens(Path path, Class<? extends TensorFile> reader, String... names) {
        try (TensorFile file = TensorFiles.open(path)) {
            assertThat(file).isInstanceOf(reader);
            assertThat(file.names()).containsExactly(names);
        }
    }

    /** Whatever it is called. */
    @Test
    void a_file_is_opened_by_what_it_holds() {
        safetensors("s.bin", "a");
        torch("t.safetensors", "b");
        requireOpens(folder.resolve("s.bin"), SafetensorsFile.class, "a");
        requireOpens(folder.resolve("t.safetensors"), TorchFile.class, "b");
        try (TensorFile legacy = TensorFiles.open(HostileFile.golden("torch/checkpoint_legacy.pth"));
                TensorFile npz = TensorFiles.open(HostileFile.golden("numpy/deflated.npz"))) {
            assertThat(legacy).isInstanceOf(TorchFile.class);
            assertThat(npz).isInstanceOf(NpzFile.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors.index.json, model-00001-of-00002.safetensors, model-00002-of-00002.safetensors",
        "pytorch_model.bin.index.json, pytorch_model-00001-of-00002.bin, pytorch_model-00002-of-00002.bin"
    })
    void an_index_opens_all_its_files(String index, String first, String second) {
        for (String[] shard : new String[][] {{first, "a"}, {second, "b"}}) {
            if (first.endsWith(".bin")) {
                torch(shard[0], shard[1]);
            } else {
                safetensors(shard[0], shard[1]);
            }
        }
        AtomicFile.write(
                folder.resolve(index), "{\"weight_map\": {\"a\": \"" + first + "\", \"b\": \"" + second + "\"}}");
        requireOpens(folder.resolve(index), ShardIndex.class, "a", "b");
        requireOpens(folder, ShardIndex.class, "a", "b");
    }

    @Test
    void the_shards_of_an_index_are_files_of_its_kind_and_no_other_index() {
        Path index = folder.resolve("model.safetensors.index.json");
        AtomicFile.write(index, "{\"weight_map\": {\"a\": \"pytorch_model.bin\"}}");
        assertThatThrownBy(() -> TensorFiles.open(index))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("is not the name of a .safetensors file beside the index");
        AtomicFile.write(folder.resolve("x.safetensors"), "{\"weight_map\": {\"a\": \"x.safetensors\"}}");
        AtomicFile.write(index, "{\"weight_map\": {\"a\": \"x.safetensors\"}}");
        assertThatThrownBy(() -> TensorFiles.open(index)).hasMessageContaining("is JSON");
    }

    @Test
    void a_folder_is_opened_by_the_first_of_the_usual_names() {
        torch("pytorch_model.bin", "b");
        torch("training_args.bin", "c");
        requireOpens(folder, TorchFile.class, "b");
        safetensors("model.safetensors", "a");
        requireOpens(folder, SafetensorsFile.class, "a");
    }

    @Test
    void a_folder_without_the_usual_names_is_opened_by_its_only_file_of_weights() {
        assertThatThrownBy(() -> TensorFiles.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("holds no weights");
        torch("dinov2_vits14_pretrain.pth", "a");
        AtomicFile.write(folder.resolve("config.json"), "{}");
        requireOpens(folder, TorchFile.class, "a");
        torch("dinov2_vitb14_pretrain.pth", "a");
        assertThatThrownBy(() -> TensorFiles.open(folder))
                .hasMessageContaining("[dinov2_vitb14_pretrain.pth, dinov2_vits14_pretrain.pth]");
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> TensorFiles.open(folder.resolve("none.pth")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(folder.resolve("none.pth") + ": cannot be read: no such file");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                                    | is empty: the download has failed
        <!DOCTYPE html><html><title>404</title>               | is a web page
        `  <?xml version="1.0"?><Error>AccessDenied</Error>`  | is a web page
        version https://git-lfs.github.com/spec/v1 oid sha256 | is a pointer of Git LFS
        {"error": "Repository not found"}                     | is JSON
        GGUF                                                  | is a GGUF file
        %89HDF                                                | is an HDF5 file
        %1f%8b                                                | is packed by gzip
        %80%04N.                                              | is a pickle that torch.save did not write
        %93NUMPY                                              | is a single array without a name
        just a text                                           | is none of the files that hold weights here
        """)
    void what_is_often_taken_for_weights_is_called_by_its_name(String contents, String complaint) throws IOException {
        Path file = Files.write(folder.resolve("model.pth"), unescaped(contents));
        assertThatThrownBy(() -> TensorFiles.open(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(complaint);
    }

    @Test
    void a_download_that_was_cut_short_is_called_so() throws IOException {
        torch("model.pth", "a");
        byte[] whole = Files.readAllBytes(folder.resolve("model.pth"));
        Path cut = Files.write(folder.resolve("cut.pth"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> TensorFiles.open(cut)).hasMessageContaining("the file is cut short; get it again");
        safetensors("model.safetensors", "a");
        whole = Files.readAllBytes(folder.resolve("model.safetensors"));
        Path half = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(whole, 20));
        assertThatThrownBy(() -> TensorFiles.open(half)).hasMessageContaining("the file is cut short");
    }

    /** %89 stands for the byte 0x89. */
    private static byte[] unescaped(String text) {
        String latin1 = Pattern.compile("%([0-9a-f]{2})")
                .matcher(text)
                .replaceAll(hex -> Character.toString((char) Integer.parseInt(hex.group(1), 16)));
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
