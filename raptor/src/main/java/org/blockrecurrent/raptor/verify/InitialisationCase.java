package org.blockrecurrent.raptor.verify;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.RecurrentBlock;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VitConfig;
import org.jspecify.annotations.Nullable;

/**
 * {@code block/published_initialisation.json}: names, order and shapes of a fresh published block, and what its values were
 * drawn from. Draws cannot be the same: mean and deviation must be so within six standard errors, and the range of uniform
 * ones.
 */
final class InitialisationCase {
    private static final double STANDARD_ERRORS = 6;
    /** Both samples are off. */
    private static final double OF_A_DIFFERENCE = Math.sqrt(2);
    /** Rounding of a mean of equal floats. */
    private static final double ROUNDING = 1e-12;
    /** The largest of a sample of a uniform distribution is 1.73 deviations from its mean; of a normal one more than 2. */
    private static final double UNIFORM = 1.8;

    private InitialisationCase() {}

    static void verify(Case of) {
        GoldenJson golden = GoldenJson.read(of.file(".json"));
        try (Scope scope = of.backend().openScope()) {
            ParameterSource source = ParameterSource.fresh(of.backend(), 0);
            RaptorConfig config = RaptorConfig.published(VitConfig.dinov2Base(4));
            new RecurrentBlock(config, source);
            Checks checks = of.checks();
            checks.within(
                    of.name("number of parameters"),
                    source.parameters().count(),
                    golden.at("parameters").number(),
                    0);
            checks.within(
                    of.name("eps"),
                    config.normEps(),
                    (float) golden.at("layer_norm_eps").number(),
                    0);
            List<String> names = new ArrayList<>();
            for (GoldenJson row : golden.at("named_parameters").list()) {
                names.add(row.at("name").text());
                compare(of, row, source.parameters().get(row.at("name").text()));
            }
            checks.holds(
                    of.name("order of parameters"),
                    names.equals(source.parameters().all().stream()
                            .map(Parameter::name)
                            .toList()));
        }
    }

    private static void compare(Case of, GoldenJson row, @Nullable Parameter parameter) {
        String name = of.name(row.at("name").text());
        Checks checks = of.checks();
        checks.holds(
                name + " shape",
                parameter != null
                        && parameter.shape().equals(Shape.of(row.at("shape").integers())));
        if (parameter == null) {
            return;
        }
        Sample sample = Sample.of(parameter.value().toDoubles());
        double std = row.at("std").number();
        double allowed = STANDARD_ERRORS * OF_A_DIFFERENCE * std / Math.sqrt(sample.size()) + ROUNDING;
        checks.within(name + " mean", sample.mean(), row.at("mean").number(), allowed);
        checks.within(name + " deviation", sample.deviation(), std, allowed);
        boolean uniform = row.at("max").number() - row.at("mean").number() <= UNIFORM * std;
        if (uniform) {
            // The expected gap between the end of the range and the nearest of n draws is its width over n.
            double gap = STANDARD_ERRORS
                    * STANDARD_ERRORS
                    * (row.at("max").number() - row.at("min").number())
                    / sample.size();
            checks.within(name + " smallest", sample.smallest(), row.at("min").number(), gap);
            checks.within(name + " largest", sample.largest(), row.at("max").number(), gap);
        }
    }

    private record Sample(int size, double mean, double deviation, double smallest, double largest) {
        static Sample of(double[] values) {
            double mean = 0;
            double smallest = Double.POSITIVE_INFINITY;
            double largest = Double.NEGATIVE_INFINITY;
            for (double v : values) {
                mean += v / values.length;
                smallest = Math.min(smallest, v);
                largest = Math.max(largest, v);
            }
            double variance = 0;
            for (double v : values) {
                variance += (v - mean) * (v - mean) / values.length;
            }
            return new Sample(values.length, mean, Math.sqrt(variance), smallest, largest);
        }
    }
}
