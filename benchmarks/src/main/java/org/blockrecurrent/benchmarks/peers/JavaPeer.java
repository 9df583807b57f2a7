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
import org.blockrecurrent.benchmarks.workload.BenchmarkDevice;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;
import org.jspecify.annotations.Nullable;

/** The product as a {@link Peer}: its vector backend, in the JVM that this main class is started on. */
public final class JavaPeer {
    private static final double NANOS_PER_MILLI = 1e6;

    private @Nullable Backend backend;
    private Work.@Nullable Run run;

    private JavaPeer() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what a library prints must not be taken for an answer
        answers.println("ready Raptor for Java on JDK " + System.getProperty("java.runtime.version"));
        JavaPeer peer = new JavaPeer();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = commands.readLine()) != null && !line.equals("quit")) {
            answers.println(peer.answerTo(line.split("\t")));
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
        } catch (RuntimeException e) {
            return "error " + String.valueOf(e).replaceAll("\\s+", " ");
        }
    }

    private String load(Path file, int threads) {
        run = null;
        if (backend != null) {
            backend.close();
        }
        backend = BenchmarkDevice.open("vector", threads);
        run = WorkFile.open(file, backend);
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
