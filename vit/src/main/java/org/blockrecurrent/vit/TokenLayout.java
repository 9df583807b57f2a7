package org.blockrecurrent.vit;

import java.util.List;
import java.util.stream.Stream;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.tensor.io.AddedLater;

/**
 * Where the groups of tokens sit among the N tokens, in the order of {@link TokenGroup}: {@code N = cls + distillation +
 * registers + patches}.
 *
 * @param cls 1, or 0 in models without a class token
 * @param distillation 1 in a distilled DeiT, else 0
 */
public record TokenLayout(
        @AddedLater("1") int cls, @AddedLater("0") int distillation, int registers, int patches) {

    public TokenLayout {
        if (cls < 0 || cls > 1 || distillation < 0 || distillation > 1 || registers < 0 || patches < 1) {
            throw new IllegalArgumentException(
                    "a layout has at most one cls and one distillation token, and patches; got " + cls + ", "
                            + distillation + ", " + registers + " registers, " + patches + " patches");
        }
    }

    /** A cls token, registers and patches. */
    public TokenLayout(int registers, int patches) {
        this(1, 0, registers, patches);
    }

    /** N. */
    public int tokens() {
        return firstPatch() + patches;
    }

    /** Number of tokens before the patches. */
    public int firstPatch() {
        return cls + distillation + registers;
    }

    /** First token of a group. */
    public int from(TokenGroup group) {
        return switch (group) {
            case CLS -> 0;
            case DISTILLATION -> cls;
            case REGISTERS -> cls + distillation;
            case PATCHES -> firstPatch();
        };
    }

    /** One past the last token of a group. */
    public int to(TokenGroup group) {
        return from(group) + count(group);
    }

    public int count(TokenGroup group) {
        return switch (group) {
            case CLS -> cls;
            case DISTILLATION -> distillation;
            case REGISTERS -> registers;
            case PATCHES -> patches;
        };
    }

    public boolean has(TokenGroup group) {
        return count(group) > 0;
    }

    /** The groups that have tokens, in order. */
    public List<TokenGroup> groups() {
        return Stream.of(TokenGroup.values()).filter(this::has).toList();
    }

    /** A group as a span of a loss. */
    public TokenSpan span(TokenGroup group, float weight) {
        return new TokenSpan(group.label(), from(group), to(group), weight);
    }
}
