package org.blockrecurrent.benchmarks.peers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** How the product and its peers are started. */
final class Launches {
    /** What {@code --peers} takes. */
    static final String PEERS = "eager, compile, onnx, djl, openblas, or none";

    private static final String NATIVE_PEERS = "org.blockrecurrent.benchmarks.nativepeers.";

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
        Path torch = folder.resolve("torch_peer.py");
        return switch (peer) {
            case "eager" -> new Peer.Launch("PyTorch eager", pythonPeer(python, torch));
            case "compile" -> new Peer.Launch("torch.compile", pythonPeer(python, torch, "--compile"));
            case "onnx" -> new Peer.Launch("ONNX Runtime", pythonPeer(python, folder.resolve("onnx_peer.py")));
            case "djl" ->
                new Peer.Launch(
                        "PyTorch through DJL",
                        nativePeer(
                                "DjlPeer",
                                folder,
                                requirePython(python).toString(),
                                folder.resolve("torch_trace.py").toString()));
            case "openblas" -> new Peer.Launch("OpenBLAS", nativePeer("OpenBlasPeer", folder));
            default -> throw new InvalidInputException("--peers " + peer + " is unknown; choose from " + PEERS);
        };
    }

    private static List<String> pythonPeer(@Nullable Path python, Path worker, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(requirePython(python).toString());
        command.add(worker.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** A main class of the module beside the folder of the workers. What its libraries unpack stays with its build. */
    private static List<String> nativePeer(String main, Path folder, String... arguments) {
        Path build = folder.resolveSibling("native-peers").resolve("target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-DDJL_CACHE_DIR=" + build.resolve("djl"),
                "-Dorg.bytedeco.javacpp.cachedir=" + build.resolve("javacpp"),
                "-cp",
                build.resolve("classes") + File.pathSeparator + nativeClassPath(build),
                NATIVE_PEERS + main));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String nativeClassPath(Path build) {
        try {
            return Files.readString(build.resolve("class-path")).strip();
        } catch (IOException e) {
            throw new InvalidInputException(
                    "the peers djl and openblas have not been built: ./mvnw -Pnative-peers -pl benchmarks/native-peers -am "
                            + "-DskipTests package builds them for Linux on x86-64, as scripts/compare-cpu does",
                    e);
        }
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
