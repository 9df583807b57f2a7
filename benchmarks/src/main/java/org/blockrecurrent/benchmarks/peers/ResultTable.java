package org.blockrecurrent.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The measurements as tables in Markdown. */
final class ResultTable {
    private static final String NONE = "–";

    private final List<String> peers;
    private final Limits limits;

    /** @param peers names of all columns; the first is the product */
    ResultTable(List<String> peers, Limits limits) {
        this.peers = peers;
        this.limits = limits;
    }

    /**
     * Milliseconds of every peer, the ratio to the best one, and how near the best two are to the FMA limit. The ratio of the fastest
     * rounds tells what a core does that no neighbour shares: neighbours slow programs down unequally.
     */
    String times(List<Measurement> measurements) {
        List<String> head = new ArrayList<>(List.of("work", "threads"));
        head.addAll(peers);
        head.addAll(List.of(
                "speed to the best peer", "of the fastest rounds", "images/s", "of the FMA limit", "best peer's"));
        StringBuilder table = head(head);
        for (Measurement measurement : measurements) {
            table.append(row(cells(measurement)));
        }
        return table.toString();
    }

    private List<String> cells(Measurement measurement) {
        Task task = measurement.task();
        List<String> cells = new ArrayList<>(List.of(task.name(), String.valueOf(task.threads())));
        for (String peer : peers) {
            cells.add(time(measurement.times().get(peer)));
        }
        Times ours = measurement.ours();
        Times best = measurement.bestPeer();
        cells.add(best == null ? NONE : ratio(best.median() / ours.median()));
        cells.add(best == null ? NONE : ratio(best.least() / ours.least()));
        int images = task.work().images();
        cells.add(images == 0 ? NONE : text("%.3g", 1e3 * images / ours.median()));
        cells.add(text("%.2f", fraction(task, ours)));
        cells.add(best == null ? NONE : text("%.2f", fraction(task, best)));
        return cells;
    }

    private double fraction(Task task, Times times) {
        return task.work().flops() / (1e6 * times.median()) / limits.gigaflops(task.threads());
    }

    /** The product's own ratios: with all threads to one thread, and on its JDK to each other one; empty if there is none. */
    String ownRatios(List<Measurement> measurements) {
        StringBuilder rows = new StringBuilder();
        for (Measurement all : measurements) {
            for (Measurement one : measurements) {
                if (one.task().threads() == 1
                        && all.task().threads() > 1
                        && one.task().name().equals(all.task().name())) {
                    threadRatios(all, one, rows);
                }
            }
            jdkRatios(all, rows);
        }
        return rows.isEmpty()
                ? ""
                : head(List.of("work", "speed of", "to", "ratio")).append(rows).toString();
    }

    private static void threadRatios(Measurement all, Measurement one, StringBuilder rows) {
        for (Map.Entry<String, Times> times : one.times().entrySet()) {
            Times withAll = all.times().get(times.getKey());
            if (withAll != null) {
                rows.append(row(List.of(
                        all.task().name(),
                        times.getKey() + ", " + all.task().threads() + " threads",
                        "1 thread",
                        ratio(times.getValue().median() / withAll.median()))));
            }
        }
    }

    private void jdkRatios(Measurement measurement, StringBuilder rows) {
        String ours = peers.get(0);
        for (String other : peers.subList(1, peers.size())) {
            Times times = measurement.times().get(other);
            if (other.startsWith(ComparePeers.OURS) && times != null) {
                rows.append(row(List.of(
                        measurement.task().label(),
                        ours,
                        other,
                        ratio(times.median() / measurement.ours().median()))));
            }
        }
    }

    /** Largest memory by peer. */
    static String memory(Map<String, Long> bytes) {
        StringBuilder table = head(List.of("peak resident memory, " + Task.FORWARD_B8, "MiB"));
        bytes.forEach((peer, peak) -> table.append(row(List.of(peer, String.valueOf(peak >> 20)))));
        return table.toString();
    }

    private static StringBuilder head(List<String> cells) {
        return new StringBuilder(row(cells)).append("|---".repeat(cells.size())).append("|\n");
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** Median and range in milliseconds. */
    private static String time(@Nullable Times times) {
        return times == null
                ? NONE
                : milliseconds(times.median()) + " (" + milliseconds(times.least()) + "–" + milliseconds(times.most())
                        + ")";
    }

    /** Four digits at most, none of them behind a thousand. */
    private static String milliseconds(double value) {
        return text(value >= 1000 ? "%.0f" : value >= 100 ? "%.1f" : value >= 10 ? "%.2f" : "%.3f", value);
    }

    private static String ratio(double value) {
        return text("%.2fx", value);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
