package org.blockrecurrent.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparePeersTest {
    private static final Path WORKERS = Path.of("peers");
    private static final Peer.Launch OURS = Launches.ours(Path.of(System.getProperty("java.home")));
    private static final PrintStream SILENT = new PrintStream(OutputStream.nullOutputStream());

    @Test
    void without_a_python_the_remedy_is_named() {
        assertThatThrownBy(() -> Launches.others(List.of("eager"), WORKERS, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("scripts/peers-python", "--python", "--peers none");
        assertThatThrownBy(() -> Launches.others(List.of("eager"), WORKERS, Path.of("no-such-python")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no-such-python");
    }

    @Test
    void native_peers_that_were_not_built_name_the_command_that_builds_them(@TempDir Path folder) {
        assertThatThrownBy(() -> Launches.others(List.of("openblas"), folder.resolve("peers"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("djl and openblas", "./mvnw -Pnative-peers");
    }

    @Test
    void native_peers_are_started_on_the_class_path_of_their_build(@TempDir Path folder) throws IOException {
        Path build = Files.createDirectories(folder.resolve("native-peers").resolve("target"));
        Files.writeString(build.resolve("class-path"), "openblas.jar");
        List<Peer.Launch> launches = Launches.others(List.of("openblas"), folder.resolve("peers"), null);
        assertThat(launches.get(0).name()).isEqualTo("OpenBLAS");
        assertThat(launches.get(0).command())
                .contains(build.resolve("classes") + File.pathSeparator + "openblas.jar")
                .last()
                .asString()
                .endsWith("OpenBlasPeer");
    }

    @Test
    void djl_needs_a_python_too() {
        assertThatThrownBy(() -> Launches.others(List.of("djl"), WORKERS, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("scripts/peers-python");
    }

    @Test
    void an_unknown_peer_or_jdk_is_named() {
        assertThatThrownBy(() -> Launches.others(List.of("abacus"), WORKERS, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("abacus");
        assertThatThrownBy(() -> Launches.ours(Path.of("no-such-jdk")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no-such-jdk");
    }

    @Test
    void without_peers_no_python_is_needed() {
        assertThat(Launches.others(List.of("none"), WORKERS, null)).isEmpty();
    }

    @Test
    void a_wrong_command_line_is_answered_by_an_exit_code() {
        assertThat(ComparePeers.run("--works", "no such work")).isEqualTo(1);
        assertThat(ComparePeers.run("--list")).isZero();
    }

    @Test
    void every_work_of_the_table_has_a_name_of_its_own() {
        assertThat(Task.all(2).stream().map(Task::label))
                .doesNotHaveDuplicates()
                .hasSize(15);
    }

    @Test
    void two_processes_of_the_product_agree_and_are_timed_and_measured() {
        Task task = new Task("encoder", EncoderWork.of(1, 5, 12, 3, 2), 1);
        Peer.Launch second = new Peer.Launch("second", OURS.command());
        try (Comparison comparison = new Comparison(List.of(OURS, second), SILENT)) {
            Measurement measurement = comparison.measure(task, new Measurement.Effort(3, 0, 0));
            assertThat(measurement.distance()).isZero();
            assertThat(measurement.times().keySet()).containsExactly(OURS.name(), "second");
            assertThat(measurement.ours().rounds()).hasSize(3);
            Map<String, Long> memory = comparison.memory(task);
            assertThat(memory.keySet()).containsExactly(OURS.name(), "second");
        }
    }

    @Test
    void a_peer_with_other_results_is_not_timed() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("java.class.path");
        Peer.Launch fake = new Peer.Launch("fake", List.of(java, "-cp", classes, FakePeer.class.getName()));
        try (Comparison comparison = new Comparison(List.of(OURS, fake), SILENT)) {
            Task gemm = new Task("small product", new GemmWork(1, 3, 2), 1);
            assertThatThrownBy(() -> comparison.measure(gemm, new Measurement.Effort(1, 0, 0)))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContainingAll("small product", "fake", "nothing was timed");
        }
    }
}
