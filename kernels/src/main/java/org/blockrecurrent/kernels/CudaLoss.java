package org.blockrecurrent.kernels;

import java.util.List;
import java.util.TreeSet;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;

/**
 * Losses on the GPU: loss.cu. Nothing here waits for the device, so a label that is no class is not an exception: the loss
 * and its gradients are NaN, and the update of the step is skipped.
 */
final class CudaLoss implements LossKernels {
    private static final int THREADS = 256;
    private static final int MOST_BLOCKS_A_SIDE = 32;

    private final CudaLauncher cuda;
    private final Sums sums;

    CudaLoss(CudaLauncher cuda) {
        this.cuda = cuda;
        this.sums = new Sums(cuda);
    }

    @Override
    public void tokenMse(Tensor loss, Tensor errors, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        if (spans.isEmpty()) {
            cuda.fill(loss, 0);
        }
        for (int span = 0; span < spans.size(); span++) {
            spanError(loss, errors, prediction, target, spans.get(span), span);
        }
    }

    private void spanError(Tensor loss, Tensor errors, Tensor prediction, Tensor target, TokenSpan span, int index) {
        int B = prediction.dim(0);
        int D = prediction.dim(2);
        int run = span.count() * D;
        int gridX = mostBlocks(StreamGrid.pieces(run, (long) THREADS * StreamGrid.width(D)));
        int gridY = mostBlocks(B);
        try (Scratch squares = cuda.scratch(gridX * gridY)) {
            cuda.launch("loss", "loss_squared_error")
                    .grid(gridX, gridY)
                    .block(THREADS)
                    .scratch(squares)
                    .tensor(prediction)
                    .tensor(target)
                    .i32(B)
                    .i32(run)
                    .i32(span.from() * D)
                    .i32(prediction.dim(1) * D)
                    .run();
            cuda.launch("loss", "loss_span_error")
                    .grid(1)
                    .block(THREADS)
                    .output(errors)
                    .output(loss)
                    .scratch(squares)
                    .i32(gridX * gridY)
                    .i32(index)
                    .f32((float) (1 / elements(prediction, span)))
                    .f32(span.weight())
                    .run();
        }
    }

    private static int mostBlocks(long blocks) {
        return (int) Math.max(1, Math.min(MOST_BLOCKS_A_SIDE, blocks));
    }

    private static double elements(Tensor prediction, TokenSpan span) {
        return (double) prediction.dim(0) * span.count() * prediction.dim(2);
    }

    /** Between two neighbouring bounds of spans all tokens are in the same spans, and have one factor. */
    @Override
    public void tokenMseBackward(
            Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans) {
        if (dprediction == null) {
            return;
        }
        TreeSet<Integer> bounds = new TreeSet<>(List.of(0, prediction.dim(1)));
        for (TokenSpan span : spans) {
            bounds.add(span.from());
            bounds.add(span.to());
        }
        int from = bounds.first();
        for (int to : bounds.tailSet(from, false)) {
            backward(dprediction, dloss, prediction, target, spans, from, to);
            from = to;
        }
    }

    private void backward(
            Into dprediction, Tensor dloss, Tensor prediction, Tensor target, List<TokenSpan> spans, int from, int to) {
        double factor = 0;
        boolean isInSpan = false;
        for (TokenSpan span : spans) {
            if (span.from() <= from && to <= span.to()) {
                factor += 2 * span.weight() / elements(prediction, span);
                isInSpan = true;
            }
        }
        if (!isInSpan && dprediction.add()) {
            return;
        }
        int D = prediction.dim(2);
        StreamGrid.matrix(1, prediction.dim(0), (to - from) * D, StreamGrid.width(D))
                .of(cuda.launch("loss", "loss_squared_error_backward"))
                .output(dprediction.tensor())
                .tensor(dloss)
                .tensor(isInSpan ? prediction : null)
                .tensor(target)
                .i32(prediction.dim(0))
                .i32((to - from) * D)
                .i32(from * D)
                .i32(prediction.dim(1) * D)
                .f32((float) factor)
                .i32(dprediction.add() ? 1 : 0)
                .run();
    }

    @Override
    public void crossEntropy(Tensor loss, Tensor probabilities, Tensor logits, Tensor labels, float smoothing) {
        int B = logits.dim(0);
        int K = logits.dim(1);
        try (Scratch losses = cuda.scratch(Math.max(1, B))) {
            StreamGrid.rows(B, K)
                    .of(cuda.launch("loss", "loss_cross_entropy"))
                    .scratch(losses)
                    .output(probabilities)
                    .tensor(logits)
                    .tensor(labels)
                    .i32(B)
                    .i32(K)
                    .f32(smoothing)
                    .run();
            sums.total(loss, launch -> launch.scratch(losses), B, 1f / B);
        }
    }

    @Override
    public void crossEntropyBackward(Into dlogits, Tensor dloss, Tensor probabilities, Tensor labels, float smoothing) {
        if (dlogits == null) {
            return;
        }
        int B = probabilities.dim(0);
        int K = probabilities.dim(1);
        StreamGrid.matrix(1, B, K, StreamGrid.width(K))
                .of(cuda.launch("loss", "loss_cross_entropy_backward"))
                .output(dlogits.tensor())
                .tensor(dloss)
                .tensor(probabilities)
                .tensor(labels)
                .i32(B)
                .i32(K)
                .f32(smoothing)
                .i32(dlogits.add() ? 1 : 0)
                .run();
    }

    @Override
    public void blend(Tensor y, Tensor a, Tensor b, StepState state) {
        cuda.launch("loss", "loss_blend")
                .grid(1)
                .block(1)
                .output(y)
                .tensor(a)
                .tensor(b)
                .tensor(state.slots())
                .run();
    }

    @Override
    public void blendBackward(Into da, Into db, Tensor dy, StepState state) {
        cuda.launch("loss", "loss_blend_backward")
                .grid(1)
                .block(1)
                .output(da == null ? null : da.tensor())
                .output(db == null ? null : db.tensor())
                .tensor(dy)
                .tensor(state.slots())
                .i32(da != null && da.add() ? 1 : 0)
                .i32(db != null && db.add() ? 1 : 0)
                .run();
    }
}
