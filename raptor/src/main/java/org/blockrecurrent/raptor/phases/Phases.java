package org.blockrecurrent.raptor.phases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.InvalidInputException;

/** A partition of the layers 1 … L into k phases, in order of depth. */
public record Phases(List<Phase> phases) implements LayerAssignment {

    public Phases {
        phases = List.copyOf(phases);
        int expected = 1;
        for (Phase phase : phases) {
            if (phase.first() != expected) {
                throw new InvalidInputException("phases must follow one another from layer 1, got " + phases);
            }
            expected = phase.last() + 1;
        }
        if (phases.isEmpty()) {
            throw new InvalidInputException("at least one phase is needed");
        }
    }

    /** From the last layer of every phase: {@code endingAt(7, 12)} is 1–7 | 8–12. */
    public static Phases endingAt(int... ends) {
        List<Phase> phases = new ArrayList<>();
        int first = 1;
        for (int end : ends) {
            phases.add(new Phase(first, end));
            first = end + 1;
        }
        return new Phases(phases);
    }

    /** From text such as {@code 1-4|5-8}, {@code 1–4 | 5–8} or just the ends, {@code 4,8}. */
    public static Phases parse(String text) {
        try {
            String[] parts = text.split("[|,]");
            int[] ends = new int[parts.length];
            for (int i = 0; i < parts.length; i++) {
                String[] range = parts[i].trim().split("[-–]");
                ends[i] = Integer.parseInt(range[range.length - 1].trim());
            }
            return endingAt(ends);
        } catch (NumberFormatException e) {
            throw new InvalidInputException("phases: cannot read \"" + text + "\"; write for example 1-4|5-8", e);
        }
    }

    static Phases ofRuns(LayerAssignment contiguous) {
        List<Phase> runs = new ArrayList<>();
        for (int block = 0; block < contiguous.blocks(); block++) {
            runs.addAll(contiguous.runsOf(block));
        }
        return new Phases(runs);
    }

    @Override
    public int layers() {
        return phases.get(phases.size() - 1).last();
    }

    /** k. */
    @Override
    public int blocks() {
        return phases.size();
    }

    @Override
    public int blockOf(int layer) {
        for (int block = 0; block < phases.size(); block++) {
            if (phases.get(block).contains(layer)) {
                return block;
            }
        }
        throw new IllegalArgumentException("layer " + layer + " is not in 1 … " + layers());
    }

    public Phase phase(int block) {
        return phases.get(block);
    }

    /** The last layer of every phase, L included. */
    public int[] ends() {
        return phases.stream().mapToInt(Phase::last).toArray();
    }

    /** The official thresholds: the last layer of every phase but the last. */
    public int[] thresholds() {
        return Arrays.copyOf(ends(), phases.size() - 1);
    }

    /** {@code 1–4 | 5–8}. */
    @Override
    public String toString() {
        return phases.stream().map(Phase::toString).collect(Collectors.joining(" | "));
    }
}
