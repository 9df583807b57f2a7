package org.blockrecurrent.kernels;

import java.util.List;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.backend.TokenSpan;

/**
 * The kernels that only move bytes, at the sizes of a few images of a ViT-B: 261 tokens of 768 channels. M counts tokens
 * of all images.
 */
final class StreamCases {
    private static final int B = 8;
    private static final int N = 261;
    private static final int M = B * N;
    private static final int D = 768;
    private static final int F = 512;
    private static final int K = 1000;
    private static final int n = M * D;
    private static final String TOKENS = "M=" + M + " D=" + D;

    private StreamCases() {}

    static List<StreamCase> elementwise() {
        return List.of(
                new StreamCase("elementwise_add", TOKENS, "3MD", 3L * n, backend -> {
                    Tensor y = ones(backend, M, D);
                    Tensor a = ones(backend, M, D);
                    Tensor b = ones(backend, M, D);
                    return () -> backend.elementwise().add(y, a, b);
                }),
                new StreamCase("elementwise_add", "B=8 N=261 D=768 + (N, D)", "2BND + ND", 2L * n + N * D, backend -> {
                    Tensor y = ones(backend, B, N, D);
                    Tensor a = ones(backend, B, N, D);
                    Tensor b = ones(backend, N, D);
                    return () -> backend.elementwise().add(y, a, b);
                }),
                new StreamCase("elementwise_add_into", TOKENS, "3MD", 3L * n, backend -> {
                    Tensor y = ones(backend, M, D);
                    Tensor x = ones(backend, M, D);
                    return () -> backend.elementwise().addInto(y, x);
                }),
                new StreamCase("elementwise_multiply", TOKENS + " · (D)", "2MD + D", 2L * n + D, backend -> {
                    Into y = into(backend, M, D);
                    Tensor a = ones(backend, M, D);
                    Tensor b = ones(backend, D);
                    return () -> backend.elementwise().multiply(y, a, b);
                }),
                new StreamCase("elementwise_multiply", TOKENS + " · (B, D)", "2MD + BD", 2L * n + B * D, backend -> {
                    Into y = into(backend, B, N, D);
                    Tensor x = ones(backend, B, N, D);
                    Tensor scale = ones(backend, B, D);
                    return () -> backend.tokens().scaleChannels(y, x, scale);
                }),
                new StreamCase("elementwise_scale", TOKENS, "2MD", 2L * n, backend -> {
                    Into y = into(backend, M, D);
                    Tensor x = ones(backend, M, D);
                    return () -> backend.elementwise().scale(y, x, 0.5f);
                }),
                activation("elementwise_gelu", Activation.GELU),
                activationBackward("elementwise_gelu_backward", Activation.GELU),
                activation("elementwise_silu", Activation.SILU),
                activationBackward("elementwise_silu_backward", Activation.SILU),
                new StreamCase("elementwise_swiglu", "M=2088 F=512", "3MF", 3L * M * F, backend -> {
                    Tensor y = ones(backend, M, F);
                    Tensor x = ones(backend, M, 2 * F);
                    return () -> backend.elementwise().swiGlu(y, x);
                }),
                new StreamCase("elementwise_swiglu_backward", "M=2088 F=512", "5MF", 5L * M * F, backend -> {
                    Into dx = into(backend, M, 2 * F);
                    Tensor dy = ones(backend, M, F);
                    Tensor x = ones(backend, M, 2 * F);
                    return () -> backend.elementwise().swiGluBackward(dx, dy, x);
                }));
    }

    private static StreamCase activation(String kernel, Activation f) {
        return new StreamCase(kernel, TOKENS, "2MD", 2L * n, backend -> {
            Tensor y = ones(backend, M, D);
            Tensor x = ones(backend, M, D);
            return () -> backend.elementwise().activation(y, x, f);
        });
    }

    private static StreamCase activationBackward(String kernel, Activation f) {
        return new StreamCase(kernel, TOKENS, "3MD", 3L * n, backend -> {
            Into dx = into(backend, M, D);
            Tensor dy = ones(backend, M, D);
            Tensor x = ones(backend, M, D);
            return () -> backend.elementwise().activationBackward(dx, dy, x, f);
        });
    }

    static List<StreamCase> normAndReduce() {
        return List.of(
                new StreamCase("layer_norm_forward", TOKENS, "2MD + 2D + 2M", 2L * n + 2 * D + 2 * M, backend -> {
                    Tensor y = ones(backend, M, D);
                    Tensor mean = ones(backend, M);
                    Tensor rstd = ones(backend, M);
                    Tensor x = ones(backend, M, D);
                    Tensor weight = ones(backend, D);
                    Tensor bias = ones(backend, D);
                    return () -> backend.norm().layerNorm(y, mean, rstd, x, weight, bias, 1e-6f);
                }),
                new StreamCase("layer_norm_backward", TOKENS, "3MD + 3D + 2M", 3L * n + 3 * D + 2 * M, backend -> {
                    Into dx = into(backend, M, D);
                    Into dweight = into(backend, D);
                    Into dbias = into(backend, D);
                    Tensor dy = ones(backend, M, D);
                    Tensor x = ones(backend, M, D);
                    Tensor weight = ones(backend, D);
                    Tensor mean = ones(backend, M);
                    Tensor rstd = ones(backend, M);
                    return () -> backend.norm().layerNormBackward(dx, dweight, dbias, dy, x, weight, mean, rstd);
                }),
                new StreamCase("reduce_sum", TOKENS, "MD + 1", n + 1L, backend -> {
                    Tensor y = ones(backend);
                    Tensor x = ones(backend, M, D);
                    return () -> backend.reduce().sum(y, x, 1);
                }),
                new StreamCase("reduce_spread", TOKENS, "MD + 1", n + 1L, backend -> {
                    Into y = into(backend, M, D);
                    Tensor x = ones(backend);
                    return () -> backend.reduce().spread(y, x, 1);
                }),
                new StreamCase("reduce_columns", TOKENS, "MD + D", n + D, backend -> {
                    Into y = into(backend, D);
                    Tensor x = ones(backend, M, D);
                    return () -> backend.reduce().sumLeading(y, x);
                }),
                new StreamCase(
                        "reduce_columns", TOKENS + ", product in groups", "2MD + BD", 2L * n + B * D, backend -> {
                            Into dscale = into(backend, B, D);
                            Tensor dy = ones(backend, B, N, D);
                            Tensor x = ones(backend, B, N, D);
                            return () -> backend.tokens().scaleChannelsBackward(dscale, dy, x);
                        }),
                new StreamCase("reduce_columns", "B=8, 256 of 261 tokens", "B·256·D + BD", 257L * B * D, backend -> {
                    Tensor y = ones(backend, B, D);
                    Tensor x = ones(backend, B, N, D);
                    return () -> backend.reduce().meanTokens(y, x, 5, N);
                }),
                new StreamCase("reduce_mean_tokens_backward", "B=8 N=261", "BND + BD", n + (long) B * D, backend -> {
                    Into dx = into(backend, B, N, D);
                    Tensor dy = ones(backend, B, D);
                    return () -> backend.reduce().meanTokensBackward(dx, dy, 5, N);
                }),
                new StreamCase("reduce_cosine", TOKENS, "2MD + M", 2L * n + M, backend -> {
                    Tensor y = ones(backend, M);
                    Tensor a = ones(backend, M, D);
                    Tensor b = ones(backend, M, D);
                    return () -> backend.reduce().cosine(y, a, b);
                }),
                new StreamCase("reduce_cosine_backward", TOKENS, "4MD + M", 4L * n + M, backend -> {
                    Into da = into(backend, M, D);
                    Into db = into(backend, M, D);
                    Tensor dy = ones(backend, M);
                    Tensor a = ones(backend, M, D);
                    Tensor b = ones(backend, M, D);
                    return () -> backend.reduce().cosineBackward(da, db, dy, a, b);
                }));
    }

    static List<StreamCase> tokens() {
        int pixels = B * 3 * 224 * 224;
        return List.of(
                new StreamCase("tokens_patchify", "B=8 224x224 p=14", "2 · pixels", 2L * pixels, backend -> {
                    Tensor y = ones(backend, B, 256, 3 * 14 * 14);
                    Tensor images = ones(backend, B, 3, 224, 224);
                    return () -> backend.tokens().patchify(y, images, 14);
                }),
                new StreamCase("tokens_patchify", "B=8 224x224 p=16", "2 · pixels", 2L * pixels, backend -> {
                    Tensor y = ones(backend, B, 196, 3 * 16 * 16);
                    Tensor images = ones(backend, B, 3, 224, 224);
                    return () -> backend.tokens().patchify(y, images, 16);
                }),
                new StreamCase("tokens_patchify_backward", "B=8 224x224 p=14", "2 · pixels", 2L * pixels, backend -> {
                    Into dimages = into(backend, B, 3, 224, 224);
                    Tensor dy = ones(backend, B, 256, 3 * 14 * 14);
                    return () -> backend.tokens().patchifyBackward(dimages, dy, 14);
                }),
                new StreamCase("tokens_copy", "B=8, 256 of 261 tokens", "2 · B·256·D", 2L * B * 256 * D, backend -> {
                    Tensor y = ones(backend, B, N, D);
                    Tensor x = ones(backend, B, 256, D);
                    return () -> backend.tokens().copyTokens(y, 5, x, 0, 256);
                }),
                new StreamCase("tokens_copy", "1 entry to B=8", "9 · 256·D", 9L * 256 * D, backend -> {
                    Tensor y = ones(backend, B, N, D);
                    Tensor x = ones(backend, 1, 256, D);
                    return () -> backend.tokens().copyTokens(y, 5, x, 0, 256);
                }),
                new StreamCase(
                        "tokens_copy_backward",
                        "B=8, 256 of 261 tokens",
                        "BND + B·256·D",
                        n + 256L * B * D,
                        backend -> {
                            Into dx = into(backend, B, N, D);
                            Tensor dy = ones(backend, B, 256, D);
                            return () -> backend.tokens().copyTokensBackward(dx, 5, dy, 0, 256);
                        }));
    }

    static List<StreamCase> lossAndOptimizer() {
        List<TokenSpan> spans = List.of(
                new TokenSpan("cls", 0, 1, 0.45f),
                new TokenSpan("registers", 1, 5, 0.1f),
                new TokenSpan("patches", 5, N, 0.45f));
        return List.of(
                new StreamCase("loss_squared_error", TOKENS + ", 3 spans", "2MD + 3", 2L * n + 3, backend -> {
                    Tensor loss = ones(backend);
                    Tensor errors = ones(backend, 3);
                    Tensor prediction = ones(backend, B, N, D);
                    Tensor target = ones(backend, B, N, D);
                    return () -> backend.loss().tokenMse(loss, errors, prediction, target, spans);
                }),
                new StreamCase("loss_squared_error_backward", TOKENS + ", 3 spans", "3MD + 1", 3L * n + 1, backend -> {
                    Into dprediction = into(backend, B, N, D);
                    Tensor dloss = ones(backend);
                    Tensor prediction = ones(backend, B, N, D);
                    Tensor target = ones(backend, B, N, D);
                    return () -> backend.loss().tokenMseBackward(dprediction, dloss, prediction, target, spans);
                }),
                new StreamCase("loss_cross_entropy", "B=256 K=1000", "2BK + 2B", 2L * 256 * K + 512, backend -> {
                    Tensor loss = ones(backend);
                    Tensor probabilities = ones(backend, 256, K);
                    Tensor logits = ones(backend, 256, K);
                    Tensor labels = ones(backend, 256);
                    return () -> backend.loss().crossEntropy(loss, probabilities, logits, labels, 0.1f);
                }),
                new StreamCase(
                        "loss_cross_entropy_backward", "B=256 K=1000", "2BK + B", 2L * 256 * K + 256, backend -> {
                            Into dlogits = into(backend, 256, K);
                            Tensor dloss = ones(backend);
                            Tensor probabilities = ones(backend, 256, K);
                            Tensor labels = ones(backend, 256);
                            return () ->
                                    backend.loss().crossEntropyBackward(dlogits, dloss, probabilities, labels, 0.1f);
                        }),
                new StreamCase("adamw_squares", "n=" + n, "n", n, backend -> {
                    StepState state = state(backend);
                    Tensor gradient = ones(backend, M, D);
                    return () -> backend.optimizer().gradientNorm(state, List.of(gradient), 1);
                }),
                new StreamCase("adamw_step", "n=" + n, "7n + 3", 7L * n + 3, backend -> {
                    StepState state = state(backend);
                    Tensor p = ones(backend, M, D);
                    Tensor g = ones(backend, M, D);
                    Tensor m = ones(backend, M, D);
                    Tensor v = ones(backend, M, D);
                    return () -> backend.optimizer().adamW(p, g, m, v, state, 0.9f, 0.999f, 1e-8f, 0.05f);
                }),
                new StreamCase("random_stochastic_depth_mask", "G=256 D=768", "GD + 1", 256L * D + 1, backend -> {
                    StepState state = state(backend);
                    Tensor mask = ones(backend, 256, D);
                    return () -> backend.optimizer().stochasticDepthMask(mask, 0.1f, 1, 2, state);
                }));
    }

    private static StepState state(CudaBackend backend) {
        StepState state = new StepState(backend);
        state.begin(1, 1e-3f, 0);
        return state;
    }

    private static Into into(CudaBackend backend, int... dims) {
        return new Into(ones(backend, dims), false);
    }

    private static Tensor ones(CudaBackend backend, int... dims) {
        Tensor tensor = backend.empty(Shape.of(dims));
        backend.fill(tensor.storage(), 1);
        return tensor;
    }
}
