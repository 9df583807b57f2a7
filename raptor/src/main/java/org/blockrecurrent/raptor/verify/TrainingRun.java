package org.blockrecurrent.raptor.verify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.TokenWeights;
import org.blockrecurrent.raptor.phases.Phase;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.optim.TeacherForcingSchedule;
import org.blockrecurrent.tensor.optim.WarmupCosine;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an official training run: its command line, and what was scaled down for the golden values.
 *
 * @param phases of a joined Raptor; null for a block of stage 1
 * @param phase the layers that are trained
 */
record TrainingRun(
        @Nullable Phases phases,
        Phase phase,
        TokenWeights weights,
        int steps,
        float weightDecay,
        WarmupCosine learningRate,
        TeacherForcingSchedule teacherForcing) {
    private static final double FINAL_LEARNING_RATE = 1e-6;
    private static final double USUAL_WEIGHT_DECAY = 1e-4;

    static TrainingRun of(GoldenJson report) {
        List<String> line = Arrays.asList(report.at("command_line").text().split(" "));
        GoldenJson scaled = report.at("scaled_down");
        int steps = report.at("steps").integer();
        int end = (int) option(line, "--end_layer", 0);
        double share =
                line.contains("--teacher_force") ? scaled.at("tf_anneal_ratio").number() : 0;
        double weightDecay = scaled.has("wd") ? scaled.at("wd").number() : USUAL_WEIGHT_DECAY;
        return new TrainingRun(
                phases(line, end),
                new Phase((int) option(line, "--start_layer", 0) + 1, end),
                weights(line),
                steps,
                (float) weightDecay,
                new WarmupCosine(
                        option(line, "--lr", 0),
                        FINAL_LEARNING_RATE,
                        steps,
                        scaled.at("warmup_iters").integer()),
                TeacherForcingSchedule.overShare(steps, share, 0));
    }

    /** The thresholds stand in the official trainer, by k. */
    private static @Nullable Phases phases(List<String> line, int depth) {
        int[] thresholds = line.contains("--raptor2")
                ? new int[] {7}
                : line.contains("--raptor3")
                        ? new int[] {7, 10}
                        : line.contains("--raptor4") ? new int[] {4, 7, 10} : null;
        return thresholds == null
                ? null
                : Phases.endingAt(IntStream.concat(IntStream.of(thresholds), IntStream.of(depth))
                        .toArray());
    }

    private static TokenWeights weights(List<String> line) {
        return line.contains("--weighted")
                ? new TokenWeights(
                        (float) option(line, "--cls_weight", 0.34), (float) option(line, "--reg_weight", 0.33), (float)
                                option(line, "--patch_weight", 0.33))
                : TokenWeights.PLAIN;
    }

    private static double option(List<String> line, String name, double otherwise) {
        int at = line.indexOf(name);
        return at < 0 ? otherwise : Double.parseDouble(line.get(at + 1));
    }
}
