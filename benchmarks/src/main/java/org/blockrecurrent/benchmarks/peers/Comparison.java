package org.blockrecurrent.benchmarks.peers;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.blockrecurrent.benchmarks.workload.WorkFile;

/** Runs tasks on peers: the same file for all, their results held against the product's, then the timed rounds. */
final class Comparison implements AutoCloseable {
    /** For one answer: compiling a large model takes minutes, and a round of the largest work one. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final int RUNS_FOR_MEMORY = 3;

    private final List<Peer.Launch> launches;
    private final PrintStream out;
    private final Path folder;
    private final List<Peer> peers = new ArrayList<>();

    /**
     * Starts all peers.
     *
     * @param launches the product first
     * @param out what it is doing
     */
    Comparison(List<Peer.Launch> launches, PrintStream out) {
        this.launches = launches;
        this.out = out;
        folder = temporaryFolder();
        try {
            for (Peer.Launch launch : launches) {
                peers.add(launch.start(folder, PATIENCE));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Names and what the peers say of themselves. */
    Map<String, String> descriptions() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        peers.forEach(peer -> descriptions.put(peer.name(), peer.description()));
        return descriptions;
    }

    /**
     * Times one task.
     *
     * @throws PeerException if a peer fails, or its results are not the product's
     */
    Measurement measure(Task task, Measurement.Effort effort) {
        out.println(task.label() + " …");
        Path file = folder.resolve("work.safetensors");
        WorkFile.write(file, task.work());
        List<Peer> able = new ArrayList<>();
        for (Peer peer : peers) {
            String reason = peer.load(file, task.threads());
            if (reason == null) {
                able.add(peer);
            } else {
                out.println("  without " + peer.name() + ": " + reason);
            }
        }
        return Measurement.of(task, able, requireAgreement(task, able), effort);
    }

    private double requireAgreement(Task task, List<Peer> able) {
        Path ours = folder.resolve("results.safetensors");
        Path theirs = folder.resolve("peer-results.safetensors");
        if (able.isEmpty() || able.get(0) != peers.get(0)) {
            throw new PeerException(task.label() + ": the product itself cannot compute it");
        }
        able.get(0).results(ours);
        double largest = 0;
        for (Peer peer : able.subList(1, able.size())) {
            peer.results(theirs);
            int terms = task.work().terms();
            largest = Math.max(largest, Agreement.require(task.label(), peer.name(), ours, theirs, terms));
        }
        return largest;
    }

    /** The largest memory of each peer that can do the task, in a process that does nothing else. */
    Map<String, Long> memory(Task task) {
        out.println("memory of " + task.label() + " …");
        Path file = folder.resolve("work.safetensors");
        WorkFile.write(file, task.work());
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (Peer.Launch launch : launches) {
            try (Peer peer = launch.start(folder, PATIENCE)) {
                if (peer.load(file, task.threads()) == null) {
                    peer.run(RUNS_FOR_MEMORY);
                    bytes.put(peer.name(), peer.peakBytes());
                }
            }
        }
        return bytes;
    }

    /** Ends the peers and removes what was written for them. */
    @Override
    public void close() {
        peers.forEach(Peer::close);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("compare-peers");
        } catch (IOException e) {
            throw new PeerException("no folder for temporary files can be made: " + e.getMessage(), e);
        }
    }
}
