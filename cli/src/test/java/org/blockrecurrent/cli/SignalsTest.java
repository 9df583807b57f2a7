package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals sent to a process of its own. */
@Tag("process")
class SignalsTest {
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    Path folder;

    /** Started by hand, without any option: the JVM starts a second one, and passes SIGTERM on to it. */
    @Test
    void sigterm_saves_a_checkpoint_and_exits_with_143() throws IOException, InterruptedException {
        assertThat(exitCodeAfter("TERM", start(List.of(), List.of()))).isEqualTo(StopRequest.TERMINATED);
        assertThat(folder.resolve("teacher-training.safetensors")).isNotEmptyFile();
    }

    /** A child of a background job ignores SIGINT from birth; {@code env} undoes that. */
    @Test
    void ctrl_c_saves_a_checkpoint_and_exits_with_130() throws IOException, InterruptedException {
        assumeTrue(
                envResetsSignals(),
                "SKIPPED: env --default-signal is missing: SIGINT to a child process is not tested");
        Process child = start(
                List.of("env", "--default-signal=INT"), List.of("--add-modules=jdk.incubator.vector", "-XX:+UseG1GC"));
        assertThat(exitCodeAfter("INT", child)).isEqualTo(StopRequest.INTERRUPTED);
        assertThat(folder.resolve("teacher-training.safetensors")).isNotEmptyFile();
    }

    private Process start(List<String> before, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                classPath(),
                "org.blockrecurrent.cli.TrainTeacher",
                "--smoke",
                "--epochs",
                "5000",
                "--device",
                "cpu",
                "--out",
                folder.toString()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static int exitCodeAfter(String signal, Process process) throws IOException, InterruptedException {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = output.readLine();
            while (line != null && !line.startsWith("teacher: ")) {
                line = output.readLine();
            }
            assertThat(line).as("first report of progress").isNotNull();
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            while (line != null) {
                line = output.readLine();
            }
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean envResetsSignals() throws InterruptedException {
        try {
            Process env = new ProcessBuilder("env", "--default-signal=INT", "true").start();
            return env.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Surefire hides the class path in the manifest of a jar and tells it here. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
