package org.blockrecurrent.tensor.io.torch;

import org.blockrecurrent.tensor.io.FormatException;

/**
 * Bounds a walk through nodes that may hold each other in cycles and share without limit: a few bytes of pickle can stand for
 * 2⁶⁰ paths. Real checkpoints are far below all three bounds.
 */
final class WalkBudget {
    private static final int DEEPEST = 64;
    private static final int MOST_VISITS = 250_000;
    private static final long MOST_CHARACTERS = 16L << 20;

    private final Object where;
    private int visits;
    private long characters;

    WalkBudget(Object where) {
        this.where = where;
    }

    /** One more node is visited, so deep below the root. */
    void visit(int depth) {
        if (depth > DEEPEST) {
            throw refused("nests more than " + DEEPEST + " levels deep");
        }
        visits++;
        if (visits > MOST_VISITS) {
            throw refused("has more than " + MOST_VISITS + " entries, or the same ones over and over");
        }
    }

    /** One more name is kept. */
    String name(String name) {
        characters += name.length();
        if (characters > MOST_CHARACTERS) {
            throw refused("has names of more than " + MOST_CHARACTERS + " characters together");
        }
        return name;
    }

    private FormatException refused(String problem) {
        return new FormatException(where, problem + ": that is no state_dict and no module");
    }
}
