package org.blockrecurrent.raptor.phases;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Cuts the layers into k phases of a minimum length.
 *
 * <table>
 * <caption>The splitters</caption>
 * <tr><td>{@code bisection}</td><td>{@link Bisection}: the default; greedy and contiguous</td></tr>
 * <tr><td>{@code max-cut}</td><td>{@link MaxCut}: the released algorithm; its clusters need not be contiguous</td></tr>
 * <tr><td>{@code dp}</td><td>{@link DynamicProgramming}: the exact contiguous optimum</td></tr>
 * </table>
 *
 * On the matrix of DINOv2-B the first two give the published phases for k = 2, 3, 4; the third differs for k = 3.
 */
public sealed interface PhaseSplitter permits Bisection, MaxCut, DynamicProgramming {
    /** The splitter that is used unless another is asked for. */
    String DEFAULT = "bisection";

    /** Names of all splitters. */
    List<String> NAMES = List.of("bisection", "max-cut", "dp");

    /** As given to {@link #named}. */
    String name();

    /**
     * The layers in k phases. Throws {@link InvalidInputException} if the splitter has no such partition: k phases of the
     * minimum length do not fit, or the released algorithm reaches k with no threshold or with scattered clusters.
     */
    Phases split(DissimilarityMatrix dissimilarity, int k);

    /** A splitter by name; the error lists the names. */
    static PhaseSplitter named(String name, int minLength) {
        return switch (name) {
            case "bisection" -> new Bisection(minLength);
            case "max-cut" -> new MaxCut(minLength);
            case "dp" -> new DynamicProgramming(minLength);
            default ->
                throw new InvalidInputException(
                        "there is no phase splitter \"" + name + "\"; choose one of " + String.join(", ", NAMES));
        };
    }

    /** A splitter by name as published: one layer may be a phase; {@code max-cut} with its min_size of 2. */
    static PhaseSplitter named(String name) {
        return named(name, name.equals("max-cut") ? MaxCut.PUBLISHED_MIN_SIZE : 1);
    }

    /** Throws unless k phases of at least {@code minLength} layers fit into L layers. */
    static void requireRoom(int layers, int k, int minLength) {
        if (k < 1 || minLength < 1 || (long) k * minLength > layers) {
            throw new InvalidInputException(k + " phases of at least " + minLength + " layers do not fit into " + layers
                    + " layers; ask for 1 to " + Math.max(1, layers / Math.max(1, minLength)) + " phases");
        }
    }
}
