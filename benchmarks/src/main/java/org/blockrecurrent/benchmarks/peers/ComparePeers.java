package org.blockrecurrent.benchmarks.peers;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The one command that makes the table of the product beside its peers; {@code scripts/compare-cpu} starts it. */
@Command(
        name = "compare-cpu",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Times the product and its peers on this machine, interleaved, and writes the table.")
public final class ComparePeers implements Callable<Integer> {
    /** What the names of all columns begin with that are the product itself. */
    static final String OURS = "Raptor";

    @Option(
            names = "--python",
            paramLabel = "FILE",
            defaultValue = "${env:RAPTOR_PEERS_PYTHON}",
            description = "Python with the peers, made by scripts/peers-python (default: $RAPTOR_PEERS_PYTHON).")
    private @Nullable Path python;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "eager,compile,onnx",
            description = "Peers among " + Launches.PEERS + " (default: ${DEFAULT-VALUE}).")
    private List<String> peers = List.of();

    @Option(
            names = "--java",
            paramLabel = "HOME",
            description = "Also compare the product on this JDK; may be given again.")
    private List<Path> jdks = new ArrayList<>();

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--works", paramLabel = "REGEX", description = "Only works whose name contains a match.")
    private Pattern works = Pattern.compile("");

    @Option(names = "--rounds", defaultValue = "7", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--seconds",
            defaultValue = "3",
            description = "Seconds for each peer in a round, one run at least (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Seconds of runs before the first round, one run at least (default: ${DEFAULT-VALUE}).")
    private double warmUp;

    @Option(names = "--no-memory", description = "Leave out the largest memory.")
    private boolean withoutMemory;

    @Option(names = "--list", description = "Only show the works.")
    private boolean list;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "${sys:raptor.benchmarks:-benchmarks}/results",
            description = "Where the table goes (default: benchmarks/results).")
    private Path out = Path.of("");

    @Option(names = "--workers", defaultValue = "${sys:raptor.benchmarks:-benchmarks}/peers", hidden = true)
    private Path workers = Path.of("");

    private List<String> arguments = List.of();

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Exit code 1 for what went wrong, 2 for a wrong command line. */
    static int run(String... args) {
        ComparePeers command = new ComparePeers();
        command.arguments = List.of(args);
        return new CommandLine(command)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (!(failure instanceof InvalidInputException)) {
                        throw failure;
                    }
                    line.getErr().println("compare-cpu: " + failure.getMessage());
                    return 1;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        List<Task> tasks = Task.all(requirePositive("--threads", threads)).stream()
                .filter(task -> works.matcher(task.name()).find())
                .toList();
        if (tasks.isEmpty()) {
            throw new InvalidInputException("--works " + works + " matches none; --list shows them");
        }
        if (list) {
            tasks.forEach(task -> System.out.println(task.label()));
            return 0;
        }
        Measurement.Effort effort = new Measurement.Effort(requirePositive("--rounds", rounds), seconds, warmUp);
        try (Comparison comparison = new Comparison(launches(), System.out)) {
            compare(comparison, tasks, effort);
        }
        return 0;
    }

    /** The file is written after every task: what an interrupted comparison has measured is not lost. */
    private void compare(Comparison comparison, List<Task> tasks, Measurement.Effort effort) {
        Limits limits = Limits.measure(threads);
        limits.lines().forEach(System.out::println);
        LocalDate today = LocalDate.now();
        Report report = new Report(Machine.current(), limits, comparison.descriptions(), command(), effort);
        Path file = report.file(out, today);
        List<Measurement> measurements = new ArrayList<>();
        Map<String, Long> memory = Map.of();
        for (Task task : tasks) {
            measurements.add(comparison.measure(task, effort));
            report.write(file, today, measurements, memory);
        }
        for (Task task : tasks) {
            if (!withoutMemory && memory.isEmpty() && task.name().equals(Task.FORWARD_B8)) {
                memory = comparison.memory(task);
            }
        }
        report.write(file, today, measurements, memory);
        System.out.println("\n" + report.text(today, measurements, memory) + "\nwritten to " + file);
    }

    private List<Peer.Launch> launches() {
        List<Peer.Launch> launches = new ArrayList<>();
        launches.add(Launches.ours(Path.of(System.getProperty("java.home"))));
        for (Path jdk : jdks) {
            launches.add(Launches.ours(jdk));
        }
        launches.addAll(Launches.others(peers, workers, python));
        return launches;
    }

    /** As it was typed, but paths by their last name only: where things lie on this machine is nobody's business. */
    private String command() {
        StringBuilder command = new StringBuilder("scripts/compare-cpu");
        for (String argument : arguments) {
            int slash = argument.lastIndexOf('/');
            command.append(' ').append(slash < 0 ? argument : "…" + argument.substring(slash));
        }
        return command.toString();
    }

    private static int requirePositive(String option, int value) {
        if (value < 1) {
            throw new InvalidInputException(option + " must be at least 1, got " + value);
        }
        return value;
    }
}
