package org.blockrecurrent.tensor.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs a {@code @FuzzTest} of Jazzer in a JVM of its own, for the class files of that JVM are rewritten. It begins with the
 * method's seeds and goes on with mutations of them; what it finds is left in {@code target/fuzz} and fails the test.
 *
 * <p>A module that has such tests depends on {@code jazzer-junit} in test scope, excludes {@code *FuzzTest} from its other
 * tests, and calls this from one whose name ends otherwise. For long runs, two properties override what the test says:
 *
 * <pre>./mvnw -pl tensor test -Dtest=FuzzingTest -Dfuzz.target=pickle -Dfuzz.seconds=600</pre>
 */
public final class Fuzzer {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in");
    /** Far more than a run takes; against hangs only. */
    private static final int LONGEST_MINUTES = 10;

    private static final int SHOWN_LINES = 40;

    private Fuzzer() {}

    /** Fuzzes one method for so many executions, and prints how many there were. */
    public static void run(Class<?> tests, String method, int executions) throws IOException, InterruptedException {
        String target = System.getProperty("fuzz.target", method);
        String seconds = System.getProperty("fuzz.seconds");
        String bound = seconds == null ? "-runs=" + executions : "-max_total_time=" + seconds;
        Path folder = Files.createDirectories(Path.of("target", "fuzz", target)).toAbsolutePath();
        Path corpus =
                seconds == null ? empty(folder.resolve("short")) : Files.createDirectories(folder.resolve("corpus"));
        Path log = folder.resolve("log.txt");
        Process process = new ProcessBuilder(command(tests, target, bound, seconds != null, corpus))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long patience = TimeUnit.MINUTES.toSeconds(LONGEST_MINUTES) + (seconds == null ? 0 : Long.parseLong(seconds));
        boolean ended = process.waitFor(patience, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(log);
        String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        assertThat(ended).as("ended by itself; its last words:\n" + tail).isTrue();
        assertThat(process.exitValue())
                .as("exit code of the fuzzer; its last words:\n" + tail)
                .isZero();
        System.out.printf("fuzzing %s.%s: %s executions, no findings%n", tests.getSimpleName(), target, done(lines));
    }

    /** A short run begins with the seeds alone, a long one with what earlier long ones learnt, too. */
    private static Path empty(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        return folder;
    }

    private static String done(List<String> lines) {
        for (String line : lines) {
            Matcher matcher = DONE.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        throw new AssertionError("the fuzzer does not say how often it ran: " + lines);
    }

    /** The first compiler alone for a short run: starting takes most of its time. */
    private static List<String> command(Class<?> tests, String target, String bound, boolean isLong, Path corpus) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+EnableDynamicAgentLoading"));
        if (!isLong) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(List.of("--target_class=" + tests.getName(), "--target_method=" + target, bound));
        command.add("-timeout=10");
        if (!isLong) {
            command.add("-seed=1"); // the same every time
        }
        command.add(corpus.toString());
        return command;
    }
}
