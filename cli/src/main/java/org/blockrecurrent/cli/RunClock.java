package org.blockrecurrent.cli;

import java.nio.file.Path;
import org.blockrecurrent.tensor.io.Json;

/**
 * What a run has cost so far, over all the times that it was stopped and continued: written to {@code cost.json} in its
 * folder when this is closed.
 */
final class RunClock implements AutoCloseable {
    private static final String FILE = "cost.json";
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path file;
    private final Cost before;
    private final long start = System.nanoTime();

    /**
     * Time and memory.
     *
     * @param seconds on the clock
     * @param peakBytes largest memory that a process of the run has occupied
     */
    record Cost(double seconds, long peakBytes) {}

    private RunClock(Path file, Cost before) {
        this.file = file;
        this.before = before;
    }

    static RunClock in(RunDirectory directory) {
        Path file = directory.file(FILE);
        return new RunClock(file, directory.has(FILE) ? Json.read(file, Cost.class) : new Cost(0, 0));
    }

    /** Up to now. */
    Cost cost() {
        double seconds = before.seconds + (System.nanoTime() - start) / NANOS_PER_SECOND;
        return new Cost(seconds, Math.max(before.peakBytes, Environment.peakBytes()));
    }

    @Override
    public void close() {
        Json.write(file, cost());
    }
}
