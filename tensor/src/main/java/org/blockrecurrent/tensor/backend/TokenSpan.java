package org.blockrecurrent.tensor.backend;

/** Tokens {@code from} (inclusive) to {@code to} (exclusive), and the weight of their mean-square error in a loss. */
public record TokenSpan(String name, int from, int to, float weight) {
    public int count() {
        return to - from;
    }
}
