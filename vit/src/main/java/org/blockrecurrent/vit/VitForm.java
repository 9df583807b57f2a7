package org.blockrecurrent.vit;

/**
 * In what the published families differ from the plain form (a class token with a position of its own, biases everywhere,
 * no norm in front of the blocks).
 *
 * @param classToken whether there is a class token; SigLIP and some average-pooled models have none
 * @param distillationToken whether a second class token follows it: DeiT, distilled
 * @param maskToken whether there is a token that stands for masked patches: DINOv2
 * @param positionedPrefix how many of the tokens before the patches have a row in the position table; the others have none
 * @param positions how the table is resampled for images of another size
 * @param patchBias whether the patch embedding has a bias; CLIP's has none
 * @param preNorm whether a norm stands between embedding and first block: CLIP
 * @param qkvBias whether queries, keys and values have biases
 * @param headBias whether the classifier has a bias; CLIP's projection has none
 */
public record VitForm(
        boolean classToken,
        boolean distillationToken,
        boolean maskToken,
        int positionedPrefix,
        PositionRule positions,
        boolean patchBias,
        boolean preNorm,
        boolean qkvBias,
        boolean headBias) {
    /** What this project trains itself, and most supervised models are. */
    public static final VitForm PLAIN =
            new VitForm(true, false, false, 1, PositionRule.ANTIALIASED, true, false, true, true);

    /** DINOv2 with torch.hub's rule for positions: with an offset, and antialiased where there are registers. */
    public static VitForm dinov2(int registers) {
        PositionRule rule = registers > 0 ? PositionRule.ANTIALIASED : PositionRule.OFFSET;
        return new VitForm(true, false, true, 1, rule, true, false, true, true);
    }

    /** An image tower of CLIP. */
    public static VitForm clip() {
        return new VitForm(true, false, false, 1, PositionRule.BICUBIC, false, true, true, false);
    }

    /** An image tower of SigLIP: patches only. */
    public static VitForm siglip() {
        return new VitForm(false, false, false, 0, PositionRule.BICUBIC, true, false, true, true);
    }

    /** A distilled DeiT. */
    public static VitForm distilled() {
        return new VitForm(true, true, false, 2, PositionRule.BICUBIC, true, false, true, true);
    }

    public VitForm withPositions(PositionRule other) {
        return new VitForm(
                classToken,
                distillationToken,
                maskToken,
                positionedPrefix,
                other,
                patchBias,
                preNorm,
                qkvBias,
                headBias);
    }

    /** The same with or without a mask token. */
    public VitForm withMaskToken(boolean other) {
        return new VitForm(
                classToken,
                distillationToken,
                other,
                positionedPrefix,
                positions,
                patchBias,
                preNorm,
                qkvBias,
                headBias);
    }

    /** The same with another number of tokens before the patches that have a position. */
    public VitForm withPositionedPrefix(int other) {
        return new VitForm(
                classToken, distillationToken, maskToken, other, positions, patchBias, preNorm, qkvBias, headBias);
    }

    /** The same with or without a bias in the head. */
    public VitForm withHeadBias(boolean other) {
        return new VitForm(
                classToken,
                distillationToken,
                maskToken,
                positionedPrefix,
                positions,
                patchBias,
                preNorm,
                qkvBias,
                other);
    }

    /** Class and distillation tokens. */
    public int classTokens() {
        return (classToken ? 1 : 0) + (distillationToken ? 1 : 0);
    }
}
