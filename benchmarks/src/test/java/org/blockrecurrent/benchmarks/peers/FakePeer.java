package org.blockrecurrent.benchmarks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.SafetensorsWriter;

/** A peer that computes nothing. Its first argument is what it does wrong. */
final class FakePeer {
    private FakePeer() {}

    public static void main(String[] args) throws IOException {
        String fault = args.length == 0 ? "" : args[0];
        if (fault.equals("dies at once")) {
            System.err.println("no module named torch");
            System.exit(3);
        }
        if (fault.equals("refuses by an exception")) {
            PeerServer.serve("Fake 1.0", (file, threads) -> {
                throw new UnsupportedWorkException("matrix products only");
            });
            return;
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        if (fault.equals("hangs")) {
            commands.readLine();
        }
        System.out.println("ready Fake 1.0");
        String line;
        while ((line = commands.readLine()) != null && !line.equals("quit")) {
            String[] command = line.split("\t");
            switch (command[0]) {
                case "load" -> System.out.println(fault.equals("refuses") ? "unsupported forward only" : "ok");
                case "run" -> run(fault, Integer.parseInt(command[1]));
                case "results" -> {
                    new SafetensorsWriter().floats("output", Shape.of(2), 1, 2).write(Path.of(command[1]));
                    System.out.println("ok");
                }
                case "peak" -> System.out.println("ok 4096");
                default -> System.out.println("error unknown command");
            }
        }
    }

    private static void run(String fault, int repetitions) {
        switch (fault) {
            case "dies" -> {
                System.err.println("out of memory");
                System.exit(9);
            }
            case "fails" -> System.out.println("error RuntimeError: too large");
            case "babbles" -> System.out.println("ok soon");
            default -> System.out.println("ok" + " 2.5".repeat(repetitions));
        }
    }
}
