package org.blockrecurrent.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.junit.jupiter.api.Test;

class ResultTableTest {
    private static final Limits LIMITS = new Limits(2, 100, 200, 20);
    private static final List<String> PEERS =
            List.of("Raptor, JDK 17", "Raptor, JDK 25", "PyTorch eager", "ONNX Runtime");
    private static final ResultTable TABLE = new ResultTable(PEERS, LIMITS);

    /** 0.2 GFLOP: at 2 ms half of the limit of two threads. */
    private static final Task GEMM = new Task("GEMM", new GemmWork(100, 1000, 1000), 2);

    private static final Task GEMM_ALONE = new Task("GEMM", new GemmWork(100, 1000, 1000), 1);

    @Test
    void a_row_shows_median_range_ratio_to_the_best_peer_and_share_of_the_limit() {
        String row = TABLE.times(List.of(measurement(GEMM, Times.of(1.9, 2, 2.4), null, Times.of(3), Times.of(2.5))))
                .lines()
                .skip(2)
                .findFirst()
                .orElseThrow();
        assertThat(row)
                .isEqualTo("| GEMM | 2 | 2.000 (1.900–2.400) | – | 3.000 (3.000–3.000) | 2.500 (2.500–2.500)"
                        + " | 1.25x | 1.32x | – | 0.50 | 0.40 |");
    }

    @Test
    void another_jdk_is_not_a_peer() {
        assertThat(TABLE.times(List.of(measurement(GEMM, Times.of(2), Times.of(1), Times.of(3), null))))
                .contains("1.50x");
    }

    @Test
    void without_a_peer_there_is_no_ratio() {
        assertThat(TABLE.times(List.of(measurement(GEMM, Times.of(2), null, null, null))))
                .contains("| – | – | 0.50 | – |");
    }

    @Test
    void images_a_second_are_shown_where_there_are_images() {
        Task encoder = new Task("encoder", EncoderWork.of(8, 5, 12, 3, 2), 2);
        assertThat(TABLE.times(List.of(measurement(encoder, Times.of(500), null, null, null))))
                .contains("| 16.0 |");
    }

    @Test
    void threads_and_jdks_are_compared_with_themselves() {
        String ratios = TABLE.ownRatios(List.of(
                measurement(GEMM, Times.of(2), Times.of(2.2), Times.of(3), null),
                measurement(GEMM_ALONE, Times.of(3.8), null, Times.of(6), null)));
        assertThat(ratios)
                .contains("| GEMM | Raptor, JDK 17, 2 threads | 1 thread | 1.90x |")
                .contains("| GEMM | PyTorch eager, 2 threads | 1 thread | 2.00x |")
                .contains("| GEMM, 2 threads | Raptor, JDK 17 | Raptor, JDK 25 | 1.10x |");
    }

    @Test
    void a_report_names_machine_peers_command_and_memory() {
        Machine machine = new Machine("V", "Some(R) CPU 9000, family 1 model 2", "avx2", "L2 1M", 2, "8 kB", "Linux");
        Map<String, String> peers = new LinkedHashMap<>();
        PEERS.forEach(name -> peers.put(name, name + " 1.0"));
        Report report = new Report(machine, LIMITS, peers, "scripts/compare-cpu", new Measurement.Effort(7, 3, 10));
        LocalDate date = LocalDate.of(2026, 1, 2);
        String text = report.text(
                date,
                List.of(measurement(GEMM, Times.of(2), null, Times.of(3), null)),
                Map.of("PyTorch eager", 900L << 20));
        assertThat(text)
                .contains("Some(R) CPU 9000", "PyTorch eager: PyTorch eager 1.0", "`scripts/compare-cpu`")
                .contains(
                        "100.0 GFLOP/s with 1 thread, 200.0 with 2", "| PyTorch eager | 900 |", "7 interleaved rounds");
        assertThat(report.file(Path.of("results"), date))
                .hasFileName("cpu-some-cpu-9000-family-1-model-2-2026-01-02.md");
    }

    private static Measurement measurement(Task task, Times... times) {
        Map<String, Times> byPeer = new LinkedHashMap<>();
        for (int i = 0; i < times.length; i++) {
            if (times[i] != null) {
                byPeer.put(PEERS.get(i), times[i]);
            }
        }
        return new Measurement(task, byPeer, 0);
    }
}
