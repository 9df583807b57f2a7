package org.blockrecurrent.raptor.verify;

import java.util.Map;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.raptor.published.BlockShapes;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Backpropagation;
import org.blockrecurrent.tensor.autodiff.Gradients;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Trace;

/** {@code block/NAME.safetensors}: outputs and gradients of a block at many depths. */
final class BlockCase {
    static final String INTERMEDIATES = "_intermediates";

    private static final String MIXED = "mixed";
    private static final String PARAMETERS = "param/";
    /** Depth at which the official intermediates were taken. */
    private static final int INSIDE = 5;

    private final Case of;
    private final GoldenTensors golden;
    private final RaptorConfig config;

    private BlockCase(Case of, GoldenTensors golden) {
        this.of = of;
        this.golden = golden;
        config = BlockShapes.config(golden.file(), PARAMETERS, of.heads(), BlockShapes.NORM_EPS);
    }

    static void verify(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"))) {
            BlockCase block = new BlockCase(of, golden);
            golden.under("f64/out.t").forEach(block::atDepth);
            golden.doubles("t.mixed");
            of.allUsed(golden);
        }
    }

    private void atDepth(String depth) {
        try (Scope scope = of.backend().openScope()) {
            ParameterSource source = golden.source(of.backend(), PARAMETERS);
            Tensor x = golden.tensor(of.backend(), "x").tracked();
            Tensor y = forward(new RecurrentBlock(config, source), x, depth);
            double[] out = y.toDoubles();
            boolean hasGradients = golden.has("f64/grad_x.t" + depth);
            Tensor cotangent = golden.tensor(of.backend(), "cotangent");
            Gradients gradients = hasGradients ? Backpropagation.from(y, cotangent) : null;
            for (String precision : Case.PRECISIONS) {
                Tolerances allowed = of.tolerances(precision);
                of.compare(golden, precision + "/out.t" + depth, out, allowed.outputs());
                if (gradients != null) {
                    of.compare(
                            golden,
                            precision + "/grad_x.t" + depth,
                            gradients.of(x).toDoubles(),
                            allowed.gradients());
                    String prefix = precision + "/grad.t" + depth + "/";
                    of.gradients(golden, prefix, gradients, source.parameters(), allowed.gradients());
                }
            }
        }
    }

    private Tensor forward(RecurrentBlock block, Tensor x, String depth) {
        if (!depth.equals(MIXED)) {
            return block.forward(x, Integer.parseInt(depth), Trace.NONE);
        }
        return block.forward(x, golden.tensor(of.backend(), "t.mixed").reshape(x.dim(0), 1), Trace.NONE);
    }

    /** {@code block/NAME_intermediates.safetensors}: what a block computes on its way, at depth 5. */
    static void verifyIntermediates(Case of) {
        String block = of.name().substring(0, of.name().length() - INTERMEDIATES.length());
        try (GoldenTensors golden = new GoldenTensors(of.folder().resolve(block + ".safetensors"));
                GoldenTensors inside = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            RaptorConfig config = BlockShapes.config(golden.file(), PARAMETERS, of.heads(), BlockShapes.NORM_EPS);
            ParameterSource source = golden.source(of.backend(), PARAMETERS).frozen();
            Tensor x = golden.tensor(of.backend(), "x");
            Map<String, Tensor> steps = new UnfusedBlock(config, source).forward(x, INSIDE);
            steps.forEach((name, value) -> of.compare(
                    inside,
                    "f64/" + name,
                    value.toDoubles(),
                    of.tolerances("f64").outputs()));
            of.allUsed(inside);
            RecurrentBlock fused = new RecurrentBlock(
                    config, golden.source(of.backend(), PARAMETERS).frozen());
            double[] out = fused.forward(x, INSIDE, Trace.NONE).toDoubles();
            of.compare(inside, "f64/out", out, of.tolerances("f64").outputs());
        }
    }
}
