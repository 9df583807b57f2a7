package org.blockrecurrent.kernels;

import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.AttentionKernels;

/** Attention on the GPU, for heads of up to 128 channels: attention.cu. */
final class CudaAttention implements AttentionKernels {
    private final CudaLauncher cuda;

    CudaAttention(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    /**
     * The kernels for heads of up to some width. Rows are the tokens that a block owns.
     */
    private enum Kernels {
        OF_32(32, 64, 128, 64, 128),
        OF_64(64, 64, 128, 32, 128),
        OF_128(128, 32, 64, 16, 64);

        final int channels;
        final int forwardRows;
        final int forwardThreads;
        final int backwardRows;
        final int backwardThreads;

        Kernels(int channels, int forwardRows, int forwardThreads, int backwardRows, int backwardThreads) {
            this.channels = channels;
            this.forwardRows = forwardRows;
            this.forwardThreads = forwardThreads;
            this.backwardRows = backwardRows;
            this.backwardThreads = backwardThreads;
        }

        static Kernels of(Heads heads) {
            for (Kernels kernels : values()) {
                if (heads.headDim() <= kernels.channels) {
                    return kernels;
                }
            }
            throw new InvalidInputException("attention: qkv " + heads.qkv().shape() + " with " + heads.heads()
                    + " heads has " + heads.headDim() + " channels a head, and the CUDA kernels serve at most "
                    + OF_128.channels + ": use more heads, or --device cpu");
        }
    }

    /** Sizes that every kernel is told. */
    private record Heads(Tensor qkv, int heads) {
        int N() {
            return qkv.dim(1);
        }

        int headDim() {
            return qkv.dim(2) / 3 / heads;
        }

        float scale() {
            return (float) (1 / Math.sqrt(headDim()));
        }

        long blocks(int rows) {
            return (long) qkv.dim(0) * heads * StreamGrid.pieces(N(), rows);
        }
    }

    @Override
    public void attention(Tensor y, Tensor lse, Tensor qkv, int heads) {
        Heads sizes = new Heads(qkv, heads);
        Kernels kernels = Kernels.of(sizes);
        cuda.launch("attention", "attention_forward_" + kernels.channels)
                .grid(sizes.blocks(kernels.forwardRows))
                .block(kernels.forwardThreads)
                .output(y)
                .output(lse)
                .tensor(qkv)
                .i32(sizes.N())
                .i32(heads)
                .i32(sizes.headDim())
                .f32(sizes.scale())
                .run();
    }

    /** First the queries' part, which leaves δ for the keys' and values'. */
    @Override
    public void attentionBackward(Into dqkv, Tensor dy, Tensor y, Tensor qkv, Tensor lse, int heads) {
        if (dqkv == null) {
            return;
        }
        Heads sizes = new Heads(qkv, heads);
        Kernels kernels = Kernels.of(sizes);
        try (Scratch delta = cuda.scratch(lse.size())) {
            cuda.launch("attention", "attention_backward_queries_" + kernels.channels)
                    .grid(sizes.blocks(kernels.backwardRows))
                    .block(kernels.backwardThreads)
                    .output(dqkv.tensor())
                    .scratch(delta)
                    .tensor(dy)
                    .tensor(y)
                    .tensor(qkv)
                    .tensor(lse)
                    .i32(sizes.N())
                    .i32(heads)
                    .i32(sizes.headDim())
                    .f32(sizes.scale())
                    .i32(dqkv.add() ? 1 : 0)
                    .run();
            cuda.launch("attention", "attention_backward_keys_" + kernels.channels)
                    .grid(sizes.blocks(kernels.backwardRows))
                    .block(kernels.backwardThreads)
                    .output(dqkv.tensor())
                    .tensor(dy)
                    .tensor(qkv)
                    .tensor(lse)
                    .scratch(delta)
                    .i32(sizes.N())
                    .i32(heads)
                    .i32(sizes.headDim())
                    .f32(sizes.scale())
                    .i32(dqkv.add() ? 1 : 0)
                    .run();
        }
    }
}
