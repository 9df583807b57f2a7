package org.blockrecurrent.benchmarks.peers;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.blockrecurrent.tensor.io.AtomicFile;

/** The file that a comparison leaves: what was measured, where, with what, how, and the tables. */
final class Report {
    private final Machine machine;
    private final Limits limits;
    private final Map<String, String> peers;
    private final String command;
    private final Measurement.Effort effort;

    Report(Machine machine, Limits limits, Map<String, String> peers, String command, Measurement.Effort effort) {
        this.machine = machine;
        this.limits = limits;
        this.peers = peers;
        this.command = command;
        this.effort = effort;
    }

    /** Where it is written: {@code cpu-<processor>-<date>.md}. */
    Path file(Path folder, LocalDate date) {
        return folder.resolve("cpu-" + machine.slug() + "-" + date + ".md");
    }

    void write(Path file, LocalDate date, List<Measurement> measurements, Map<String, Long> memory) {
        AtomicFile.write(file, text(date, measurements, memory));
    }

    String text(LocalDate date, List<Measurement> measurements, Map<String, Long> memory) {
        ResultTable table = new ResultTable(List.copyOf(peers.keySet()), limits);
        List<String> parts = new ArrayList<>();
        parts.add("# CPU speed beside peers, " + machine.processor() + ", " + date + "\n");
        parts.add(facts());
        parts.add(explanation(measurements));
        parts.add(table.times(measurements));
        String ratios = table.ownRatios(measurements);
        if (!ratios.isEmpty()) {
            parts.add(ratios);
        }
        if (!memory.isEmpty()) {
            parts.add(ResultTable.memory(memory));
        }
        return String.join("\n", parts);
    }

    private String facts() {
        List<String> lines = new ArrayList<>(machine.lines());
        lines.addAll(limits.lines());
        peers.forEach((name, description) -> lines.add(name + ": " + description));
        lines.add("commit: " + System.getProperty("raptor.commit", "unknown"));
        lines.add("command: `" + command + "`");
        return "- " + String.join("\n- ", lines) + "\n";
    }

    private String explanation(List<Measurement> measurements) {
        double distance =
                measurements.stream().mapToDouble(Measurement::distance).max().orElse(0);
        return String.format(
                Locale.ROOT,
                "Milliseconds: median of %d interleaved rounds of about %.1f s, in parentheses the fastest and the slowest round; a round is the"
                        + " median of its runs. Every work has the same weights and inputs for all, and was timed after its results agreed (largest"
                        + " distance in norm %.2g). A ratio above 1 means that the product is faster.%n",
                effort.rounds(),
                effort.secondsPerRound(),
                distance);
    }
}
