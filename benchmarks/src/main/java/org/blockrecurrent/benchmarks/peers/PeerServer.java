package org.blockrecurrent.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.jspecify.annotations.Nullable;

/** The other end of {@link Peer}, for peers in Java; {@code protocol.py} is the same for those in Python. */
public final class PeerServer {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Loader loader;
    private Work.@Nullable Run run;

    private PeerServer(Loader loader) {
        this.loader = loader;
    }

    /** What a peer is: it makes the work in a file ready, and may let go of the one before. */
    public interface Loader {
        /** @throws UnsupportedWorkException if the peer cannot do this work */
        Work.Run load(Path file, int threads);
    }

    /** Answers commands until the input ends. */
    public static void serve(String description, Loader loader) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints must not be taken for an answer
        answers.println("ready " + description);
        PeerServer server = new PeerServer(loader);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = commands.readLine()) != null && !line.equals("quit")) {
            answers.println(server.answerTo(line.split("\t")));
        }
    }

    private String answerTo(String[] command) {
        try {
            return switch (command[0]) {
                case "load" -> load(Path.of(command[1]), Integer.parseInt(command[2]));
                case "run" -> run(Integer.parseInt(command[1]));
                case "results" -> results(Path.of(command[1]));
                case "peak" -> "ok " + Machine.peakBytes();
                default -> "error unknown command " + command[0];
            };
        } catch (UnsupportedWorkException e) {
            return "unsupported " + e.getMessage();
        } catch (RuntimeException e) {
            return "error " + String.valueOf(e).replaceAll("\\s+", " ");
        }
    }

    private String load(Path file, int threads) {
        run = null;
        run = loader.load(file, threads);
        return "ok";
    }

    private String run(int repetitions) {
        Work.Run loaded = loaded();
        StringJoiner answer = new StringJoiner(" ").add("ok");
        for (int i = 0; i < repetitions; i++) {
            long begin = System.nanoTime();
            loaded.once();
            answer.add(String.format(Locale.ROOT, "%.6f", (System.nanoTime() - begin) / NANOS_PER_MILLI));
        }
        return answer.toString();
    }

    private String results(Path file) {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (Map.Entry<String, double[]> result : loaded().results().entrySet()) {
            writer.floats(result.getKey(), Shape.of(result.getValue().length), rounded(result.getValue()));
        }
        writer.write(file);
        return "ok";
    }

    private Work.Run loaded() {
        if (run == null) {
            throw new IllegalStateException("no work is loaded");
        }
        return run;
    }

    private static float[] rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
