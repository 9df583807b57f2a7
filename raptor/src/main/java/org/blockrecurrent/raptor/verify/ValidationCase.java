package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.raptor.evaluation.TrajectoryR2;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.published.BlockShapes;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.nn.LayerNorm;
import org.blockrecurrent.tensor.nn.Linear;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.nn.Trace;
import org.blockrecurrent.tensor.op.ConcatTokensOp;
import org.blockrecurrent.tensor.op.MeanTokensOp;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/**
 * {@code validation}: a tiny teacher with a head, a Raptor in its place, accuracy and R² of the official validation. The
 * teacher's blocks are of the official Raptor code, without SwiGLU and depth scale.
 */
final class ValidationCase {
    private static final String TEACHER = "teacher/param/";
    private static final String RAPTOR = "raptor/param/";
    /** The official code computed all of it in float, R² included. */
    private static final double R2_ROUNDING = 5e-6;

    private static final double ACCURACY_ROUNDING = 1e-6;

    private final Case of;
    private final GoldenTensors golden;
    private final GoldenJson report;
    private final Tensor embedding;
    private final TokenLayout layout;
    private final Teacher teacher;

    /** The blocks, one a layer, as a layer map. */
    private record Teacher(List<RecurrentBlock> blocks, TokenLayout layout) implements LayerMap {
        @Override
        public int layers() {
            return blocks.size();
        }

        @Override
        public Tensor step(Tensor x, int layer, Trace trace) {
            return blocks.get(layer - 1).forward(x, layer, trace);
        }
    }

    private ValidationCase(Case of, GoldenTensors golden) {
        this.of = of;
        this.golden = golden;
        report = GoldenJson.read(of.file(".json"));
        embedding = golden.tensor(of.backend(), "embedding");
        layout = GoldenTensors.layout(embedding.dim(1));
        teacher = teacher();
    }

    static void verify(Case of) {
        try (GoldenTensors golden = new GoldenTensors(of.file(".safetensors"));
                Scope scope = of.backend().openScope()) {
            new ValidationCase(of, golden).all();
            of.allUsed(golden);
        }
    }

    private RaptorConfig config(String prefix) {
        return BlockShapes.config(golden.file(), prefix + "blocks.0.", of.heads(), BlockShapes.NORM_EPS);
    }

    private ParameterSource source(String prefix) {
        return golden.source(of.backend(), prefix).frozen();
    }

    private Teacher teacher() {
        List<RecurrentBlock> blocks = new ArrayList<>();
        int depth = golden.shape("teacher/trajectory")[1] - 1;
        for (int i = 0; i < depth; i++) {
            blocks.add(new RecurrentBlock(
                    config(TEACHER), source(TEACHER).at("blocks").at(i)));
        }
        return new Teacher(blocks, layout);
    }

    private void all() {
        int[] ends = IntStream.concat(IntStream.of(report.at("thresholds").integers()), IntStream.of(teacher.layers()))
                .toArray();
        Phases phases = Phases.endingAt(ends);
        Raptor raptor = new Raptor(config(RAPTOR), phases, layout, source(RAPTOR));
        Trajectory ofTeacher = Trajectory.of(teacher, embedding);
        Trajectory ofRaptor = Trajectory.of(raptor, embedding);
        trajectory("teacher", ofTeacher);
        trajectory("raptor", ofRaptor);
        double[] labels = labels();
        outcome(
                "raptor_0_to_12",
                logits(ofRaptor.state(teacher.layers())),
                labels,
                officialR2(ofTeacher, ofRaptor, teacher.layers()));
        // The first block alone, the rest by the teacher; R² is of the layer where it hands over.
        int end = phases.ends()[0];
        Tensor last = ofRaptor.state(end);
        Trajectory rest = Trajectory.of(teacher, last, end);
        outcome(
                "first_block_0_to_" + end + "_rest_teacher",
                logits(rest.state(teacher.layers() - end)),
                labels,
                officialR2(ofTeacher, ofRaptor, end));
    }

    private void trajectory(String name, Trajectory trajectory) {
        Tolerances allowed = of.tolerances("f32");
        String key = name + "/trajectory";
        for (int layer = 0; layer <= trajectory.layers(); layer++) {
            double[] got = trajectory.state(layer).toDoubles();
            of.checks().compare(of.name(key + "[" + layer + "]"), got, golden.slice(key, layer), allowed.outputs());
        }
        double[] logits = logits(trajectory.state(trajectory.layers())).toDoubles();
        of.compare(golden, name + "/logits", logits, allowed.outputs());
    }

    /** The teacher's final norm, cls beside the mean patch, and its head. */
    private Tensor logits(Tensor last) {
        Backend backend = of.backend();
        int D = last.dim(2);
        int classes = golden.shape("head.weight")[0];
        float eps = (float) report.at("teacher_final_norm_eps").number();
        Tensor normed = new LayerNorm(D, eps, source(TEACHER).at("norm")).forward(last);
        ParameterSource head = golden.source(backend, "").frozen().at("head");
        int B = normed.dim(0);
        Tensor mean = MeanTokensOp.forward(normed, layout.firstPatch(), layout.tokens());
        Tensor pooled = ConcatTokensOp.forward(List.of(normed.tokens(0, 1), mean.reshape(B, 1, D)));
        return new Linear(2 * D, classes, head).forward(pooled.reshape(B, 2 * D));
    }

    private double[] labels() {
        long[] labels = golden.longs("labels");
        double[] values = new double[labels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = labels[i];
        }
        return values;
    }

    private void outcome(String name, Tensor logits, double[] labels, double r2) {
        double[] scores = logits.toDoubles();
        int classes = logits.dim(1);
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                best = scores[i * classes + c] > scores[i * classes + best] ? c : best;
            }
            right += best == labels[i] ? 1 : 0;
        }
        GoldenJson want = report.at(name);
        of.checks()
                .within(
                        of.name(name + ", accuracy"),
                        (double) right / labels.length,
                        want.at("accuracy").number(),
                        ACCURACY_ROUNDING);
        of.checks().within(of.name(name + ", R²"), r2, want.at("r2").number(), R2_ROUNDING);
    }

    private static double officialR2(Trajectory teacher, Trajectory surrogate, int layer) {
        TrajectoryR2 r2 = new TrajectoryR2();
        r2.accept(teacher, surrogate);
        return r2.officialR2(layer);
    }
}
