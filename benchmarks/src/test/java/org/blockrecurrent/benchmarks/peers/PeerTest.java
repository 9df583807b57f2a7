package org.blockrecurrent.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.io.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Path JAVA = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    @Test
    void a_peer_is_asked_one_line_at_a_time() {
        try (Peer peer = fake("")) {
            assertThat(peer.description()).isEqualTo("Fake 1.0");
            assertThat(peer.load(folder.resolve("work"), 2)).isNull();
            assertThat(peer.run(3)).containsExactly(2.5, 2.5, 2.5);
            assertThat(peer.peakBytes()).isEqualTo(4096);
            Path results = folder.resolve("results");
            peer.results(results);
            try (SafetensorsFile file = SafetensorsFile.open(results)) {
                assertThat(file.floats("output")).containsExactly(1, 2);
            }
        }
    }

    @Test
    void a_work_that_a_peer_cannot_do_is_no_failure() {
        try (Peer peer = fake("refuses")) {
            assertThat(peer.load(folder.resolve("work"), 2)).isEqualTo("forward only");
        }
        try (Peer peer = fake("refuses by an exception")) {
            assertThat(peer.load(folder.resolve("work"), 2)).isEqualTo("matrix products only");
        }
    }

    @Test
    void a_peer_that_does_not_start_is_named_with_its_last_words() {
        assertThatThrownBy(() -> fake("dies at once"))
                .isInstanceOf(PeerException.class)
                .hasMessageContainingAll("fake", "exit code 3", "no module named torch");
        assertThatThrownBy(() -> new Peer.Launch(
                                "absent", List.of(folder.resolve("absent").toString()))
                        .start(folder, PATIENCE))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("absent cannot be started");
    }

    @Test
    void a_peer_that_ends_or_fails_or_babbles_is_named_with_the_command() {
        try (Peer peer = fake("dies")) {
            assertThatThrownBy(() -> peer.run(1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContainingAll("fake", "exit code 9", "run 1", "out of memory");
        }
        try (Peer peer = fake("fails")) {
            assertThatThrownBy(() -> peer.run(1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContainingAll("fake", "run 1", "too large");
        }
        try (Peer peer = fake("babbles")) {
            assertThatThrownBy(() -> peer.run(1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContainingAll("fake", "soon");
        }
    }

    @Test
    void a_peer_that_hangs_is_ended() {
        assertThatThrownBy(() -> fake("hangs", Duration.ofSeconds(1)))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("fake has not answered start for 1 seconds and was ended");
    }

    @Test
    void the_product_is_a_peer() {
        Path work = folder.resolve("work.safetensors");
        Path results = folder.resolve("results.safetensors");
        WorkFile.write(work, new GemmWork(3, 4, 5));
        try (Peer peer = Launches.ours(JAVA).start(folder, PATIENCE)) {
            assertThat(peer.description()).contains(System.getProperty("java.runtime.version"));
            assertThat(peer.load(work, 1)).isNull();
            peer.results(results);
            assertThat(peer.run(2)).hasSize(2);
        }
        try (SafetensorsFile file = SafetensorsFile.open(results)) {
            assertThat(file.floats("output")).hasSize(15);
        }
    }

    private Peer fake(String fault) {
        return fake(fault, PATIENCE);
    }

    private Peer fake(String fault, Duration patience) {
        String java = JAVA.resolve("bin").resolve("java").toString();
        String classes = System.getProperty("java.class.path");
        return new Peer.Launch("fake", List.of(java, "-Xshare:auto", "-cp", classes, FakePeer.class.getName(), fault))
                .start(folder, patience);
    }
}
