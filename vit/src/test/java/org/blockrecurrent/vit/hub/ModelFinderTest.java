package org.blockrecurrent.vit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFinderTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path home;

    private HubSettings settings;
    private ModelFinder finder;

    @BeforeEach
    void open() {
        settings = HubSettings.of(Map.of(), home);
        finder = new ModelFinder(settings, PublishedModels.load());
    }

    /** As Hugging Face's libraries lay it out: blobs, and links to them in a snapshot. */
    private Path snapshot(String folder, String... files) throws IOException {
        Path repository = settings.huggingFaceCache().resolve(folder);
        Path snapshot = repository.resolve("snapshots").resolve(COMMIT);
        Files.createDirectories(snapshot);
        Files.createDirectories(repository.resolve("blobs"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), COMMIT + "\n");
        for (int i = 0; i < files.length; i++) {
            Files.writeString(repository.resolve("blobs/" + i), "contents");
            Files.createSymbolicLink(snapshot.resolve(files[i]), Path.of("../../blobs/" + i));
        }
        return snapshot;
    }

    private Path torchFile(String name, String contents) throws IOException {
        Files.createDirectories(settings.torchCheckpoints());
        return Files.writeString(settings.torchCheckpoints().resolve(name), contents);
    }

    @Test
    void a_snapshot_is_found_by_the_name_of_its_repository_and_of_its_model() throws IOException {
        Path snapshot = snapshot("models--facebook--dinov2-base", "config.json", "model.safetensors");
        for (String name : new String[] {"facebook/dinov2-base", "dinov2_vitb14"}) {
            FoundModel found = finder.find(name);
            assertThat(found.weights()).isEqualTo(snapshot.resolve("model.safetensors"));
            assertThat(found.config()).contains(snapshot.resolve("config.json"));
            assertThat(found.model()).map(PublishedModel::name).contains("dinov2_vitb14");
            assertThat(found.origin()).contains("repository facebook/dinov2-base");
        }
        assertThatThrownBy(() -> finder.find("timm/vit_base_patch14_dinov2.lvd142m"))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void a_repository_that_is_in_no_table_is_found_too() throws IOException {
        Path snapshot = snapshot("models--somebody--something", "pytorch_model.bin");
        FoundModel found = finder.find("somebody/something");
        assertThat(found.weights()).isEqualTo(snapshot.resolve("pytorch_model.bin"));
        assertThat(found.config()).isEmpty();
        assertThat(found.model()).isEmpty();
    }

    @Test
    void a_file_of_torch_hub_comes_first() throws IOException {
        snapshot("models--facebook--dinov2-small", "model.safetensors");
        Path file = torchFile("dinov2_vits14_pretrain.pth", "weights");
        assertThat(finder.find("dinov2_vits14").weights()).isEqualTo(file);
    }

    @Test
    void a_snapshot_without_weights_and_a_broken_link_are_passed_over() throws IOException {
        Path snapshot = snapshot("models--facebook--dinov2-small", "config.json");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/none"));
        Path timm = snapshot("models--timm--vit_small_patch14_dinov2.lvd142m", "model.safetensors");
        assertThat(finder.find("dinov2_vits14").weights()).isEqualTo(timm.resolve("model.safetensors"));
    }

    @Test
    void a_ref_that_is_no_commit_is_refused() throws IOException {
        snapshot("models--a--b", "model.safetensors");
        Path ref = settings.huggingFaceCache().resolve("models--a--b/refs/main");
        Files.writeString(ref, "../../../etc");
        assertThatThrownBy(() -> finder.find("a/b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(ref + ": holds no commit");
    }

    @Test
    void a_path_is_taken_as_it_is() {
        Path file = home.resolve("mine.safetensors");
        new SafetensorsWriter().floats("a", Shape.of(1), 1).write(file);
        assertThat(finder.find(file.toString()).weights()).isEqualTo(file);
        assertThat(finder.find(home.toString()).weights()).isEqualTo(file);
    }

    @Test
    void what_is_not_there_is_answered_with_where_it_was_looked_for_and_how_to_get_it() {
        assertThatThrownBy(() -> finder.find("dinov2_vitb14_reg"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("model dinov2_vitb14_reg is not on this machine: looked for "
                        + settings.torchCheckpoints().resolve("dinov2_vitb14_reg4_pretrain.pth") + " and "
                        + settings.huggingFaceCache().resolve("models--facebook--dinov2-with-registers-base") + " and "
                        + settings.huggingFaceCache().resolve("models--timm--vit_base_patch14_reg4_dinov2.lvd142m")
                        + ", and there is no such file or folder; get it by: raptor download dinov2_vitb14_reg");
        assertThatThrownBy(() -> finder.find("runs/teacher.safetensors"))
                .hasMessage("there is no file runs/teacher.safetensors; give one that exists, or a model's name");
        assertThatThrownBy(() -> finder.find("dinov2_vitb14_regs"))
                .hasMessageContaining("did you mean 'dinov2_vitb14_reg'?");
        assertThatThrownBy(() -> finder.find("\0")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void what_a_file_of_torch_hub_was_at_first_it_must_stay() throws IOException {
        Path file = torchFile("dinov2_vits14_pretrain.pth", "weights");
        finder.find("dinov2_vits14");
        Path lock = settings.torchCheckpoints().resolve("raptor.sha256");
        assertThat(lock).hasContent(Hashes.sha256(file) + "  dinov2_vits14_pretrain.pth\n");
        finder.find("dinov2_vits14");
        Files.writeString(file, "Weights");
        assertThatThrownBy(() -> finder.find("dinov2_vits14"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(file + ": is not the file that it should be")
                .hasMessageContaining("expected " + Files.readString(lock).substring(0, 64) + " by " + lock);
        Files.writeString(lock, "nonsense\n");
        assertThatThrownBy(() -> finder.find("dinov2_vits14")).hasMessageContaining("sha256sum would not write");
    }

    @Test
    void a_hash_in_the_name_of_a_file_is_held_to() throws IOException {
        torchFile("deit_tiny_patch16_224-a1311bcf.pth", "no weights of DeiT");
        assertThatThrownBy(() -> finder.find("deit_tiny_patch16_224"))
                .hasMessageContaining("is not the file that it should be")
                .hasMessageContaining("expected a1311bcf…");
        assertThat(settings.torchCheckpoints().resolve("raptor.sha256")).doesNotExist();
    }

    @Test
    void the_linear_head_is_found_beside_the_model_or_asked_for() throws IOException {
        PublishedModel model = PublishedModels.load().find("dinov2_vits14").orElseThrow();
        Path head = torchFile("dinov2_vits14_linear_head.pth", "head");
        assertThat(finder.linearHead(model, 1)).isEqualTo(head);
        assertThatThrownBy(() -> finder.linearHead(model, 4)).hasMessageContaining("dinov2_vits14_linear4_head.pth");
        assertThatThrownBy(() -> finder.linearHead(model, 2)).hasMessageContaining("is published");
    }

    /** From the RFCs of SHA-2 and from git itself: {@code printf abc | git hash-object --stdin}. */
    @Test
    void hashes_are_those_of_sha256sum_and_of_git(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("abc"), "abc");
        assertThat(Hashes.sha256(file)).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Hashes.gitBlob(file)).isEqualTo("f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f");
    }
}
