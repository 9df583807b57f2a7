package org.blockrecurrent.vit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.weights.TensorFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a server on the loopback address; nothing leaves this machine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS) // against hangs, not a measurement
class ModelDownloaderTest {
    private static final String REPOSITORY = "somebody/something";
    private static final Patience SHORT = new Patience(Duration.ofSeconds(30), 3, Duration.ZERO);

    @TempDir
    Path home;

    private LocalHub hub;
    private HubSettings settings;
    private byte[] config;
    private byte[] weights;

    @BeforeEach
    void open() throws IOException {
        hub = new LocalHub();
        settings = settings(Map.of());
        config = "{\"model_type\": \"dinov2\"}".getBytes(StandardCharsets.UTF_8);
        Path file = home.resolve("made.safetensors");
        new SafetensorsWriter().floats("a", Shape.of(50_000), new float[50_000]).write(file);
        weights = Files.readAllBytes(file);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private HubSettings settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putIfAbsent("HF_ENDPOINT", hub.address().toString());
        return HubSettings.of(environment, home);
    }

    private ModelDownloader downloader() {
        return downloader(settings, SHORT);
    }

    /** Knows one model, {@code hub_model}, whose file is on the local server. */
    private ModelDownloader downloader(HubSettings with, Patience patience) {
        return new ModelDownloader(with, new PublishedModels(List.of(model())), patience);
    }

    private PublishedModel model() {
        URI file = hub.address("/files/hub_model.pth");
        URI head = hub.address("/files/hub_head.pth");
        return new PublishedModel("hub_model", file, head, null, null, null, null);
    }

    private String sha256(byte[] bytes) throws IOException {
        return Hashes.sha256(Files.write(home.resolve("hashed"), bytes));
    }

    private String gitBlob(byte[] bytes) throws IOException {
        return Hashes.gitBlob(Files.write(home.resolve("hashed"), bytes));
    }

    private void serveRepository() throws IOException {
        hub.serve(REPOSITORY, "config.json", config, false, gitBlob(config), UnaryOperator.identity());
        hub.serve(REPOSITORY, "model.safetensors", weights, true, sha256(weights), UnaryOperator.identity());
    }

    private Path repositoryFolder() {
        return settings.huggingFaceCache().resolve("models--somebody--something");
    }

    private Path snapshot() {
        return repositoryFolder().resolve("snapshots").resolve(LocalHub.COMMIT);
    }

    private Path torchFile() {
        return settings.torchCheckpoints().resolve("hub_model.pth");
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_repository_is_laid_out_as_its_own_libraries_would() throws IOException {
        serveRepository();
        FoundModel found = downloader().download(REPOSITORY, DownloadListener.NONE);
        assertThat(found.weights())
                .isEqualTo(snapshot().resolve("model.safetensors"))
                .hasBinaryContent(weights);
        assertThat(found.config()).contains(snapshot().resolve("config.json"));
        assertThat(Files.readSymbolicLink(found.weights())).isEqualTo(Path.of("../../blobs", sha256(weights)));
        assertThat(Files.readString(repositoryFolder().resolve("refs/main"))).isEqualTo(LocalHub.COMMIT);
        assertThat(filesBelow(repositoryFolder()))
                .containsExactlyInAnyOrder(
                        "blobs/" + gitBlob(config),
                        "blobs/" + sha256(weights),
                        "refs/main",
                        "snapshots/" + LocalHub.COMMIT + "/config.json",
                        "snapshots/" + LocalHub.COMMIT + "/model.safetensors");
        try (TensorFile file = TensorFiles.open(found.weights())) {
            assertThat(file.names()).containsExactly("a");
        }
    }

    @Test
    void what_is_there_already_is_not_got_again() throws IOException {
        serveRepository();
        downloader().download(REPOSITORY, DownloadListener.NONE);
        downloader().download(REPOSITORY, DownloadListener.NONE);
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("GET 127.0.0.1"))
                .hasSize(1);
    }

    @Test
    void the_token_goes_to_the_hub_and_to_no_host_that_it_sends_to() throws IOException {
        serveRepository();
        downloader(settings(Map.of("HF_TOKEN", "hf_secret")), SHORT).download(REPOSITORY, DownloadListener.NONE);
        assertThat(hub.requests()).allSatisfy(request -> {
            if (request.contains(" localhost ")) {
                assertThat(request).endsWith(" Bearer hf_secret");
            } else {
                assertThat(request).endsWith(" null");
            }
        });
        assertThat(hub.requests()).anyMatch(request -> request.contains(" 127.0.0.1 /cdn/"));
    }

    @Test
    void all_files_of_an_index_are_downloaded() throws IOException {
        byte[] index =
                "{\"weight_map\": {\"a\": \"model-00001-of-00001.safetensors\"}}".getBytes(StandardCharsets.UTF_8);
        hub.serve(REPOSITORY, "config.json", config, false, gitBlob(config), UnaryOperator.identity());
        hub.serve(REPOSITORY, "model.safetensors.index.json", index, false, gitBlob(index), UnaryOperator.identity());
        hub.serve(
                REPOSITORY,
                "model-00001-of-00001.safetensors",
                weights,
                true,
                sha256(weights),
                UnaryOperator.identity());
        FoundModel found = downloader().download(REPOSITORY, DownloadListener.NONE);
        try (TensorFile file = TensorFiles.open(found.weights())) {
            assertThat(file.floats("a")).hasSize(50_000);
        }
    }

    @Test
    void an_index_that_leads_elsewhere_downloads_nothing_elsewhere() throws IOException {
        byte[] index = "{\"weight_map\": {\"a\": \"../../x.safetensors\"}}".getBytes(StandardCharsets.UTF_8);
        hub.serve(REPOSITORY, "config.json", config, false, gitBlob(config), UnaryOperator.identity());
        hub.serve(REPOSITORY, "model.safetensors.index.json", index, false, gitBlob(index), UnaryOperator.identity());
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("beside the index");
        assertThat(repositoryFolder().resolve("refs/main")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void a_connection_that_breaks_is_taken_up_where_it_broke(int cuts) throws IOException {
        serveRepository();
        hub.cut(cuts);
        FoundModel found = downloader().download(REPOSITORY, DownloadListener.NONE);
        assertThat(found.weights()).hasBinaryContent(weights);
        assertThat(hub.requests()).anyMatch(request -> request.matches("GET 127.0.0.1 /cdn/.* bytes=\\d+- null"));
    }

    @Test
    void a_download_that_was_given_up_is_continued_by_the_next() throws IOException {
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        hub.cut(Integer.MAX_VALUE);
        Patience once = new Patience(Duration.ofSeconds(30), 1, Duration.ZERO);
        assertThatThrownBy(() -> downloader(settings, once).download("hub_model", DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("the connection broke after")
                .hasMessageContaining("run it again to go on");
        assertThat(torchFile()).doesNotExist();
        long kept = Files.size(torchFile().resolveSibling("hub_model.pth.part"));
        assertThat(kept).isBetween(1L, weights.length - 1L);
        hub.cut(0);
        downloader().download("hub_model", DownloadListener.NONE);
        assertThat(torchFile()).hasBinaryContent(weights);
        assertThat(hub.requests()).last().asString().contains(" bytes=" + kept + "- ");
        assertThat(filesBelow(settings.torchCheckpoints())).containsExactly("hub_model.pth", "raptor.sha256");
    }

    @Test
    void a_file_that_has_changed_on_the_server_is_begun_anew() throws IOException {
        hub.serve("/files/hub_model.pth", new byte[100_000], "\"v1\"");
        hub.cut(Integer.MAX_VALUE);
        Patience once = new Patience(Duration.ofSeconds(30), 1, Duration.ZERO);
        assertThatThrownBy(() -> downloader(settings, once).download("hub_model", DownloadListener.NONE))
                .isInstanceOf(DownloadException.class);
        hub.cut(0);
        hub.serve("/files/hub_model.pth", weights, "\"v2\"");
        downloader().download("hub_model", DownloadListener.NONE);
        assertThat(torchFile()).hasBinaryContent(weights);
    }

    @Test
    void a_server_that_knows_no_ranges_sends_everything_again() throws IOException {
        serveRepository();
        hub.ignoreRanges();
        hub.cut(1);
        assertThat(downloader().download(REPOSITORY, DownloadListener.NONE).weights())
                .hasBinaryContent(weights);
    }

    @Test
    void a_part_that_is_longer_than_the_file_is_begun_anew() throws IOException {
        serveRepository();
        Path part = repositoryFolder().resolve("blobs").resolve(sha256(weights) + ".part");
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[weights.length + 5]);
        assertThat(downloader().download(REPOSITORY, DownloadListener.NONE).weights())
                .hasBinaryContent(weights);
    }

    @ParameterizedTest
    @CsvSource({"true, SHA-256", "false, git hash"})
    void a_file_with_another_hash_is_not_kept(boolean large, String kind) throws IOException {
        hub.serve(REPOSITORY, "config.json", config, false, gitBlob(config), UnaryOperator.identity());
        String hash = large ? sha256(config) : gitBlob(config);
        hub.serve(REPOSITORY, "model.safetensors", weights, large, hash, UnaryOperator.identity());
        if (!large) {
            Files.delete(home.resolve("hashed"));
            byte[] other = config.clone();
            other[0] = '[';
            hub.serve(REPOSITORY, "config.json", other, false, hash, UnaryOperator.identity());
        }
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("came damaged: its " + kind + " is ")
                .hasMessageContaining("but should be " + hash + "; nothing is kept");
        assertThat(filesBelow(repositoryFolder())).noneMatch(name -> name.contains(hash));
    }

    @Test
    void a_file_of_another_size_than_announced_is_not_kept() throws IOException {
        serveRepository();
        hub.serve(REPOSITORY, "model.safetensors", weights, true, sha256(weights), headers -> {
            headers.put("X-Linked-Size", Integer.toString(weights.length + 1));
            return headers;
        });
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("has " + weights.length + " bytes, but should have " + (weights.length + 1));
        assertThat(filesBelow(repositoryFolder())).noneMatch(name -> name.contains(".part"));
    }

    @Test
    void what_is_not_there_is_said_to_be_not_there_and_leaves_nothing() throws IOException {
        assertThatThrownBy(() -> downloader().download("nobody/nothing", DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessage(hub.address("/nobody/nothing/resolve/main/config.json")
                        + ": no such file (404): check the name");
        assertThatThrownBy(() -> downloader().download("hub_model", DownloadListener.NONE))
                .hasMessageContaining("no such file (404)");
        assertThatThrownBy(() -> downloader().download("hub_modell", DownloadListener.NONE))
                .hasMessageContaining("no published model is called 'hub_modell'; did you mean 'hub_model'?");
        hub.serve(REPOSITORY, "config.json", config, false, gitBlob(config), UnaryOperator.identity());
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .hasMessageContaining("holds no weights");
        assertThat(filesBelow(settings.torchCheckpoints())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"401, HF_TOKEN", "403, HF_TOKEN", "429, wait a while", "503, try again later"})
    void other_refusals_say_what_to_do(int status, String remedy) {
        hub.answerBy(status);
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining(Integer.toString(status))
                .hasMessageContaining(remedy);
    }

    @Test
    void a_server_that_is_no_hub_is_noticed() {
        hub.serve(REPOSITORY, "config.json", config, false, "no hash", UnaryOperator.identity());
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .hasMessageContaining("is it a hub of Hugging Face?");
    }

    @Test
    void offline_nothing_is_asked_for() {
        HubSettings offline = settings(Map.of("HF_HUB_OFFLINE", "1"));
        for (String name : new String[] {REPOSITORY, "hub_model"}) {
            assertThatThrownBy(() -> downloader(offline, SHORT).download(name, DownloadListener.NONE))
                    .isInstanceOf(DownloadException.class)
                    .hasMessageContaining("HF_HUB_OFFLINE forbids it");
        }
        assertThat(hub.requests()).isEmpty();
    }

    @Test
    void a_server_that_cannot_be_reached_is_named() {
        hub.close();
        assertThatThrownBy(() -> downloader().download(REPOSITORY, DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("cannot reach localhost: is there a network");
    }

    @Test
    void a_server_that_falls_silent_is_left() {
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        hub.fallSilent();
        Patience little = new Patience(Duration.ofSeconds(1), 1, Duration.ZERO);
        assertThatThrownBy(() -> downloader(settings, little).download("hub_model", DownloadListener.NONE))
                .isInstanceOf(DownloadException.class)
                .hasMessageContaining("no byte came for 1 seconds");
    }

    /** On Linux: every write to that device finds the disk full. */
    @Test
    void a_full_disk_is_called_so() throws IOException {
        assumeThat(Path.of("/dev/full")).as("a device that is always full").exists();
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        Files.createDirectories(settings.torchCheckpoints());
        Files.createSymbolicLink(torchFile().resolveSibling("hub_model.pth.part"), Path.of("/dev/full"));
        assertThatThrownBy(() -> downloader().download("hub_model", DownloadListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("hub_model.pth.part")
                .hasMessageContaining("No space left on device");
        assertThat(torchFile()).doesNotExist();
    }

    @Test
    void a_file_that_somebody_else_downloads_is_left_to_him() {
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        try (PartFile other = PartFile.of(torchFile())) {
            assertThat(other.bytes()).isZero();
            assertThatThrownBy(() -> downloader().download("hub_model", DownloadListener.NONE))
                    .hasMessageContaining("is being downloaded by someone else");
        }
    }

    @Test
    void the_listener_hears_how_far_it_is_and_that_it_is_done() {
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        List<String> heard = new ArrayList<>();
        downloader().download("hub_model", (file, done, total) -> heard.add(file + " " + done + "/" + total));
        assertThat(heard).last().isEqualTo("hub_model.pth " + weights.length + "/" + weights.length);
    }

    @Test
    void what_torch_hub_gave_at_first_it_must_give_again() throws IOException {
        hub.serve("/files/hub_model.pth", weights, "\"v1\"");
        downloader().download("hub_model", DownloadListener.NONE);
        Files.delete(torchFile());
        hub.serve("/files/hub_model.pth", config, "\"v2\"");
        assertThatThrownBy(() -> downloader().download("hub_model", DownloadListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is not the file that it should be");
        assertThat(filesBelow(settings.torchCheckpoints())).containsExactly("raptor.sha256");
    }

    @Test
    void a_linear_head_is_downloaded_beside_its_model() {
        hub.serve("/files/hub_head.pth", config, "\"v1\"");
        Path head = downloader().downloadLinearHead(model(), 1, DownloadListener.NONE);
        assertThat(head)
                .isEqualTo(settings.torchCheckpoints().resolve("hub_head.pth"))
                .hasBinaryContent(config);
        assertThatThrownBy(() -> downloader().downloadLinearHead(model(), 4, DownloadListener.NONE))
                .hasMessageContaining("no linear head on the last 4 blocks of hub_model is published");
    }
}
