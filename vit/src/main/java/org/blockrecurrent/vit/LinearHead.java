package org.blockrecurrent.vit;

import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.MeanTokensOp;

/** A linear classifier on the normed tokens: on cls, or on cls beside the mean patch. */
public final class LinearHead {
    private final VitConfig.Pooling pooling;
    private final TokenLayout layout;
    private final Linear linear;

    public LinearHead(
            VitConfig.Pooling pooling, TokenLayout layout, int embedDim, int classes, ParameterSource parameters) {
        this.pooling = pooling;
        this.layout = layout;
        int in = pooling == VitConfig.Pooling.CLS ? embedDim : 2 * embedDim;
        linear = new Linear(in, classes, parameters);
    }

    /** {@code (B, N, D) → (B, K)}, from tokens after the final norm. */
    public Tensor forward(Tensor normed) {
        return linear.forward(pool(pooling, layout, normed));
    }

    /** {@code (B, N, D) → (B, D) or (B, 2D)}: what the classifier reads. */
    public static Tensor pool(VitConfig.Pooling pooling, TokenLayout layout, Tensor normed) {
        int B = normed.dim(0);
        int D = normed.dim(2);
        Tensor cls = normed.tokens(0, 1);
        if (pooling == VitConfig.Pooling.CLS) {
            return cls.reshape(B, D);
        }
        Tensor meanPatch = MeanTokensOp.forward(normed, layout.firstPatch(), layout.tokens());
        // Side by side along channels is one after the other along tokens, for two vectors of one image.
        return ConcatTokensOp.forward(List.of(cls, meanPatch.reshape(B, 1, D))).reshape(B, 2 * D);
    }
}
