package org.blockrecurrent.tensor.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.backend.Activation;
import org.blockrecurrent.tensor.backend.StepState;
import org.blockrecurrent.tensor.op.ActivationOp;
import org.blockrecurrent.tensor.op.AttentionOp;
import org.blockrecurrent.tensor.op.CosineOp;
import org.blockrecurrent.tensor.op.CrossEntropyOp;
import org.blockrecurrent.tensor.op.LayerNormOp;
import org.blockrecurrent.tensor.op.LinearOp;
import org.blockrecurrent.tensor.op.PatchifyOp;
import org.blockrecurrent.tensor.op.SwiGluOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ops against PyTorch: {@code golden/ops/ops.safetensors}, forward and gradients. The file also holds functions that
 * are no ops of ours: bicubic interpolation, softmax and log_softmax by themselves.
 */
public abstract class OpGoldens {
    private final Golden golden = Golden.resource("/golden/ops/ops.safetensors");
    private Backend backend;

    /** A fresh backend; each test closes its own. */
    protected abstract Backend backend();

    /** How close to the values computed in doubles a result has to be. */
    protected Tolerance tolerance() {
        return Tolerance.golden();
    }

    @BeforeEach
    void open() {
        backend = backend();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void linear() {
        require(
                "linear",
                List.of("x", "weight", "bias"),
                leaves -> LinearOp.forward(leaves.get(0), leaves.get(1), leaves.get(2)));
    }

    @ParameterizedTest(name = "eps {0}")
    @ValueSource(strings = {"1e-05", "1e-06", "1e-12"})
    void layer_norm(String eps) {
        require(
                "layer_norm.eps" + eps,
                List.of("x", "weight", "bias"),
                leaves -> LayerNormOp.forward(leaves.get(0), leaves.get(1), leaves.get(2), Float.parseFloat(eps)));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Activation.class, names = "TANH", mode = EnumSource.Mode.EXCLUDE)
    void activation(Activation f) {
        String name = f.name().toLowerCase(Locale.ROOT);
        require(name, List.of("x"), leaves -> ActivationOp.forward(leaves.get(0), f));
    }

    @Test
    void swiglu() {
        require("swiglu", List.of("x"), leaves -> SwiGluOp.forward(leaves.get(0)));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"cosine", "cosine_zero_forward"})
    void cosine(String name) {
        require(name, List.of("a", "b"), leaves -> CosineOp.forward(leaves.get(0), leaves.get(1)));
    }

    @ParameterizedTest(name = "smoothing {0}")
    @ValueSource(strings = {"0.0", "0.1"})
    void cross_entropy(String smoothing) {
        Tensor labels = leaf("cross_entropy.labels");
        require(
                "cross_entropy.smoothing" + smoothing,
                List.of("x"),
                leaves -> CrossEntropyOp.forward(leaves.get(0), labels, Float.parseFloat(smoothing)));
    }

    /** Queries, keys and values are one tensor of ours, and so are their gradients. */
    @ParameterizedTest(name = "{0} tokens of {1} channels")
    @CsvSource({"1, 16", "7, 16", "17, 16", "261, 16", "1, 64", "7, 64", "17, 64", "261, 64"})
    void attention(int tokens, int headDim) {
        String name = "attention.n" + tokens + ".d" + headDim;
        HeadLayout layout = new HeadLayout(golden.shape(name + ".q"));
        double[] packed =
                layout.pack(golden.doubles(name + ".q"), golden.doubles(name + ".k"), golden.doubles(name + ".v"));
        Tensor qkv = upload(Shape.of(1, tokens, 3 * layout.D()), packed).tracked();
        Tensor y = AttentionOp.forward(qkv, layout.heads());
        tolerance()
                .require(name + ".y", y.toDoubles(), layout.pack(golden.truth(name + ".y")), golden.noise(name + ".y"));
        if (golden.has(name + ".cotangent")) {
            Tensor cotangent = upload(y.shape(), layout.pack(golden.doubles(name + ".cotangent")));
            requireGradient(
                    name + ".grad",
                    layout,
                    Backpropagation.from(y, cotangent).of(qkv).toDoubles());
        }
    }

    private void requireGradient(String name, HeadLayout layout, double[] dqkv) {
        double noise = 0;
        double[][] truth = new double[3][];
        for (int part = 0; part < 3; part++) {
            String partName = name + List.of(".q", ".k", ".v").get(part);
            truth[part] = golden.truth(partName);
            noise = Math.max(noise, golden.noise(partName));
        }
        tolerance().require(name, dqkv, layout.pack(truth), noise);
    }

    /** A convolution whose stride is its kernel size; its output is (B, N, h, w), ours (B, h·w, N). */
    @Test
    void patch_conv() {
        Tensor x = leaf("patch_conv.x").tracked();
        Tensor weight = leaf("patch_conv.weight").tracked();
        Tensor bias = leaf("patch_conv.bias").tracked();
        int N = weight.dim(0);
        Tensor y = LinearOp.forward(PatchifyOp.forward(x, weight.dim(3)), weight.reshape(N, weight.size() / N), bias);
        int patches = y.dim(1);
        golden.require(tolerance(), "patch_conv.y", swapAxes(y.toDoubles(), patches, N));
        Tensor cotangent = upload(y.shape(), swapAxes(golden.doubles("patch_conv.cotangent"), N, patches));
        Gradients gradients = Backpropagation.from(y, cotangent);
        golden.require(tolerance(), "patch_conv.grad.x", gradients.of(x).toDoubles());
        golden.require(
                tolerance(), "patch_conv.grad.weight", gradients.of(weight).toDoubles());
        golden.require(tolerance(), "patch_conv.grad.bias", gradients.of(bias).toDoubles());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"clip_above", "clip_below"})
    void clip(String name) {
        StepState state = new StepState(backend);
        state.begin(1, 1e-3f, 0);
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; golden.has(name + ".grad_in." + i); i++) {
            gradients.add(leaf(name + ".grad_in." + i));
        }
        backend.optimizer().gradientNorm(state, gradients, 1);
        double[] slots = state.slots().toDoubles();
        golden.require(tolerance(), name + ".norm", new double[] {slots[StepState.GRADIENT_NORM]});
        for (int i = 0; i < gradients.size(); i++) {
            double[] clipped = gradients.get(i).toDoubles();
            for (int j = 0; j < clipped.length; j++) {
                clipped[j] *= slots[StepState.CLIP];
            }
            golden.require(tolerance(), name + ".grad_out." + i, clipped);
        }
    }

    /** Output and gradients of an op on the named inputs. */
    private void require(String name, List<String> inputs, OpCase.Body op) {
        List<Tensor> leaves = new ArrayList<>();
        inputs.forEach(input -> leaves.add(leaf(name + "." + input).tracked()));
        Tensor y = op.apply(leaves);
        golden.require(tolerance(), name + ".y", y.toDoubles());
        Gradients gradients = Backpropagation.from(y, upload(y.shape(), golden.doubles(name + ".cotangent")));
        for (int i = 0; i < leaves.size(); i++) {
            golden.require(
                    tolerance(),
                    name + ".grad." + inputs.get(i),
                    gradients.of(leaves.get(i)).toDoubles());
        }
    }

    private Tensor leaf(String name) {
        return upload(golden.shape(name), golden.doubles(name));
    }

    private Tensor upload(Shape shape, double[] values) {
        return OpRun.upload(backend, shape, values);
    }

    /** {@code (B, rows, columns) → (B, columns, rows)}. */
    private static double[] swapAxes(double[] x, int rows, int columns) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int image = i / (rows * columns);
            int row = i / columns % rows;
            y[(image * columns + i % columns) * rows + row] = x[i];
        }
        return y;
    }

    /** The layouts (1, H, N, Dh) of the file and (1, N, parts · H · Dh) of ours. */
    private record HeadLayout(Shape heads4) {
        int heads() {
            return heads4.dim(1);
        }

        int D() {
            return heads() * heads4.dim(3);
        }

        /** Tensors of the file side by side. */
        double[] pack(double[]... parts) {
            double[] packed = new double[parts.length * heads4.size()];
            for (int part = 0; part < parts.length; part++) {
                for (int i = 0; i < heads4.size(); i++) {
                    packed[at(i, part, parts.length)] = parts[part][i];
                }
            }
            return packed;
        }

        private int at(int i, int part, int parts) {
            int headDim = heads4.dim(3);
            int token = i / headDim % heads4.dim(2);
            int head = i / headDim / heads4.dim(2);
            return (token * parts + part) * D() + head * headDim + i % headDim;
        }
    }
}
