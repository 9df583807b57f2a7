package org.blockrecurrent.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process that computes works: the product itself in another JVM, or another library. It stays alive between works, so
 * that rounds interleave without start-up costs. The commands are one line each, fields separated by tabs:
 *
 * <pre>
 *   load FILE THREADS   makes the work in the file ready        ok | unsupported REASON
 *   run REPS            runs it                                 ok MILLISECONDS…
 *   results FILE        writes its results, before any run      ok
 *   peak                largest memory of the process           ok BYTES
 *   quit
 * </pre>
 *
 * <p>It begins by writing {@code ready DESCRIPTION}; what fails is answered by {@code error MESSAGE}.
 */
final class Peer implements AutoCloseable {
    private static final String END = "end of output";
    private static final long FAREWELL_SECONDS = 10;

    private final String name;
    private final Process process;
    private final Path log;
    private final Duration patience;
    private final Writer commands;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final String description;

    private Peer(String name, Process process, Path log, Duration patience) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.patience = patience;
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readAnswers, "answers of " + name);
        reader.setDaemon(true);
        reader.start();
        description = answer("start").after("ready");
    }

    /** How a peer is started. */
    record Launch(String name, List<String> command) {
        /** Starts it; what it writes to its error stream goes to a file in the folder. Patience is for one answer. */
        Peer start(Path folder, Duration patience) {
            Path log = folder.resolve(name.replaceAll("\\W+", "-") + ".log");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
                return started(name, process, log, patience);
            } catch (IOException e) {
                throw new PeerException(name + " cannot be started: " + e.getMessage(), e);
            }
        }
    }

    private static Peer started(String name, Process process, Path log, Duration patience) {
        try {
            return new Peer(name, process, log, patience);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    String name() {
        return name;
    }

    /** What it says of itself, with versions. */
    String description() {
        return description;
    }

    /** Makes a work ready, in place of the last one. Returns null, or why this peer cannot do it. */
    @Nullable
    String load(Path file, int threads) {
        Answer answer = ask("load\t" + file + "\t" + threads);
        return answer.is("unsupported") ? answer.after("unsupported") : answer.afterOkOrNull();
    }

    /** Milliseconds of each run. */
    double[] run(int repetitions) {
        String times = ask("run\t" + repetitions).after("ok");
        try {
            return Arrays.stream(times.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new PeerException(name + " answered run with \"" + times + "\" instead of milliseconds", e);
        }
    }

    /** Writes the results of the loaded work as safetensors. */
    void results(Path file) {
        ask("results\t" + file).after("ok");
    }

    /** Largest memory that the process has occupied. */
    long peakBytes() {
        return Long.parseLong(ask("peak").after("ok"));
    }

    @Override
    public void close() {
        try {
            commands.write("quit\n");
            commands.close();
            process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            // It has ended already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }

    /** A line that a peer has answered. */
    private record Answer(String peer, String command, String line) {
        boolean is(String word) {
            return line.equals(word) || line.startsWith(word + " ");
        }

        String after(String word) {
            if (!is(word)) {
                throw new PeerException(peer + ", " + command.replace('\t', ' ') + ": " + line);
            }
            return line.substring(word.length()).strip();
        }

        @Nullable
        String afterOkOrNull() {
            after("ok");
            return null;
        }
    }

    private Answer ask(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw ended(command);
        }
        return answer(command);
    }

    private Answer answer(String command) {
        try {
            String line = answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                process.destroyForcibly();
                throw new PeerException(name + " has not answered " + command.replace('\t', ' ') + " for "
                        + patience.toSeconds() + " seconds and was ended" + lastWords());
            }
            if (line.equals(END)) {
                throw ended(command);
            }
            return new Answer(name, command, line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted while waiting for " + name, e);
        }
    }

    private PeerException ended(String command) {
        try {
            process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String how = process.isAlive() ? "closed its output" : "ended with exit code " + process.exitValue();
        return new PeerException(name + " " + how + " at " + command.replace('\t', ' ') + lastWords()
                + "; mend it, or leave it out with --peers");
    }

    /** The last line of its error stream. */
    private String lastWords() {
        try {
            List<String> lines = Files.readString(log)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty() ? "" : ": " + lines.get(lines.size() - 1).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private void readAnswers() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                answers.add(line);
            }
        } catch (IOException | UncheckedIOException e) {
            // As if it had ended.
        } finally {
            answers.add(END);
        }
    }
}
