package org.blockrecurrent.vit;

import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.backend.TokenSpan;

/** Where cls, registers and patches sit among the N tokens, in this order: {@code N = 1 + R + patches}. */
public record TokenLayout(int registers, int patches) {

    public TokenLayout {
        if (registers < 0 || patches < 1) {
            throw new IllegalArgumentException(
                    "a layout needs patches, got " + registers + " registers, " + patches + " patches");
        }
    }

    /** N. */
    public int tokens() {
        return 1 + registers + patches;
    }

    public int firstPatch() {
        return 1 + registers;
    }

    /** First token of a group. */
    public int from(TokenGroup group) {
        return switch (group) {
            case CLS -> 0;
            case REGISTERS -> 1;
            case PATCHES -> firstPatch();
        };
    }

    /** One past the last token of a group. */
    public int to(TokenGroup group) {
        return switch (group) {
            case CLS -> 1;
            case REGISTERS -> firstPatch();
            case PATCHES -> tokens();
        };
    }

    public int count(TokenGroup group) {
        return to(group) - from(group);
    }

    /** The groups that have tokens, in order. */
    public List<TokenGroup> groups() {
        return Stream.of(TokenGroup.values()).filter(group -> count(group) > 0).toList();
    }

    /** A group as a span of a loss. */
    public TokenSpan span(TokenGroup group, float weight) {
        return new TokenSpan(group.label(), from(group), to(group), weight);
    }
}
