package org.blockrecurrent.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** How the product and its peers are started. */
final class Launches {
    /** What {@code --peers} takes: the worker's file, and its arguments. */
    private static final Map<String, List<String>> WORKERS = Map.of(
            "eager", List.of("torch_peer.py"),
            "compile", List.of("torch_peer.py", "--compile"),
            "onnx", List.of("onnx_peer.py"));

    private static final Map<String, String> NAMES =
            Map.of("eager", "PyTorch eager", "compile", "torch.compile", "onnx", "ONNX Runtime");

    private Launches() {}

    /** The product on a JDK, with the options of {@code bin/raptor}. */
    static Peer.Launch ours(Path javaHome) {
        Path java = javaHome.resolve("bin").resolve("java");
        if (!Files.isExecutable(java)) {
            throw new InvalidInputException("--java " + javaHome + ": there is no bin/java in it");
        }
        return new Peer.Launch(
                ComparePeers.OURS + ", JDK " + version(javaHome),
                List.of(
                        java.toString(),
                        "--add-exports",
                        "java.base/jdk.internal.module=ALL-UNNAMED",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseG1GC",
                        "-Xms128m",
                        "-XX:GCTimeRatio=2",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JavaPeer.class.getName()));
    }

    /** As its file {@code release} says; else the folder's name. */
    private static String version(Path javaHome) {
        try (Stream<String> lines = Files.lines(javaHome.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                    .findFirst()
                    .orElse(javaHome.getFileName().toString());
        } catch (IOException e) {
            return javaHome.getFileName().toString();
        }
    }

    /** The workers in a folder, by the names that {@code --peers} takes; {@code none} is none. */
    static List<Peer.Launch> others(List<String> peers, Path folder, @Nullable Path python) {
        List<Peer.Launch> launches = new ArrayList<>();
        for (String peer : peers) {
            if (!peer.equals("none")) {
                launches.add(other(peer, folder, python));
            }
        }
        return launches;
    }

    private static Peer.Launch other(String peer, Path folder, @Nullable Path python) {
        List<String> worker = WORKERS.get(peer);
        if (worker == null) {
            throw new InvalidInputException(
                    "--peers " + peer + " is unknown; choose from eager, compile, onnx, or none");
        }
        List<String> command = new ArrayList<>(List.of(requirePython(python).toString()));
        command.add(folder.resolve(worker.get(0)).toString());
        command.addAll(worker.subList(1, worker.size()));
        return new Peer.Launch(NAMES.getOrDefault(peer, peer), command);
    }

    private static Path requirePython(@Nullable Path python) {
        if (python == null) {
            throw new InvalidInputException(
                    "no Python with the peers was named: scripts/peers-python FOLDER makes one; then name it with "
                            + "--python or the environment variable RAPTOR_PEERS_PYTHON, or compare without peers by --peers none");
        }
        if (!Files.isExecutable(python)) {
            throw new InvalidInputException(
                    "--python " + python + " is no program; scripts/peers-python FOLDER makes one");
        }
        return python;
    }
}
