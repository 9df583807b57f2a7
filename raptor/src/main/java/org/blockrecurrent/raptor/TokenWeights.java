package org.blockrecurrent.raptor;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.TokenSpan;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.TokenLayout;

/**
 * What the mean-square errors of cls, registers and patches count in a loss. Each group has its own mean, so that the one
 * cls token can weigh as much as all patches together.
 *
 * @param cls weight of the cls token's error
 * @param registers weight of the registers' error
 * @param patches weight of the patches' error
 */
public record TokenWeights(float cls, float registers, float patches) {
    /** One mean over all tokens alike; the three weights are not used. */
    public static final TokenWeights PLAIN = new TokenWeights(0, 0, 0);

    public TokenWeights {
        if (!(cls >= 0 && registers >= 0 && patches >= 0)) {
            throw new InvalidInputException("token weights must not be negative");
        }
    }

    /** The last block in stage 1, as published. */
    public static TokenWeights publishedStage1() {
        return new TokenWeights(0.34f, 0.33f, 0.33f);
    }

    /** Stage 2, as published. */
    public static TokenWeights publishedStage2() {
        return new TokenWeights(0.45f, 0.10f, 0.45f);
    }

    /**
     * The spans of a loss. Where a layout has no registers or no cls token, their weight goes to the others in proportion to
     * theirs, so that the sum, and with it the scale of the loss against the weight decay and the clipping, stays what it
     * was; a distillation token shares the weight of cls: our decisions, the published teachers all have cls and registers.
     */
    public List<TokenSpan> spans(TokenLayout layout) {
        if (equals(PLAIN)) {
            return List.of(new TokenSpan("all", 0, layout.tokens(), 1));
        }
        float missing = 0;
        float present = patches;
        if (layout.has(TokenGroup.CLS)) {
            present = cls + patches;
        } else {
            missing = cls;
        }
        if (layout.has(TokenGroup.REGISTERS)) {
            present += registers;
        } else {
            missing += registers;
        }
        float spread = missing == 0 ? 1 : 1 + missing / present;
        List<TokenSpan> spans = new ArrayList<>();
        for (TokenGroup group : layout.groups()) {
            spans.add(layout.span(group, spread * of(group, layout)));
        }
        return spans;
    }

    private float of(TokenGroup group, TokenLayout layout) {
        return switch (group) {
            case CLS, DISTILLATION -> layout.has(TokenGroup.DISTILLATION) ? cls / 2 : cls;
            case REGISTERS -> registers;
            case PATCHES -> patches;
        };
    }
}
