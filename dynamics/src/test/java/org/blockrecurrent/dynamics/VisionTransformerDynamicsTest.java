package org.blockrecurrent.dynamics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.junit.jupiter.api.Test;

/** Every measure of a small, untrained ViT: all there, finite, in their ranges. */
class VisionTransformerDynamicsTest {
    private static final int IMAGES = 12;
    private static final double ROUNDING = 1e-9;
    /** Smallest and largest value of each unit. */
    private static final Map<String, double[]> RANGES = Map.of(
            "cosine", new double[] {-1, 1},
            "degrees", new double[] {0, 180},
            "rank", new double[] {1, VitConfig.smoke().embedDim()},
            "fraction", new double[] {0, 1},
            "ratio", new double[] {0, Double.MAX_VALUE});

    private static MeasureTable measured(Backend backend) {
        VitConfig config = VitConfig.smoke();
        VisionTransformer vit =
                new VisionTransformer(config, ParameterSource.fresh(backend, 1).frozen());
        List<Measure> measures = new ArrayList<>(Analysis.ofTrajectories());
        measures.add(new PerturbationResponse(vit, PerturbationResponse.Settings.standard(vit.layers(), 2))
                .readBy(vit::classify));
        Analysis analysis = new Analysis("untrained", measures);
        for (int first = 0; first < IMAGES; first += 6) {
            try (Scope batch = backend.openScope()) {
                Tensor images = backend.tensor(Shape.of(6, 1, 28, 28), pixels(first));
                analysis.accept(Trajectory.of(vit, vit.embed(images)), new int[] {0, 0, 1, 1, 2, 2});
            }
        }
        return analysis.result();
    }

    private static float[] pixels(int first) {
        Philox random = Philox.stream(4, "pixels");
        float[] pixels = new float[6 * 28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.uniform(first * 28L * 28 + i);
        }
        return pixels;
    }

    @Test
    void all_measures_are_finite_and_in_their_ranges() {
        try (Backend backend = new ReferenceBackend()) {
            MeasureTable table = measured(backend);
            assertThat(table.rows().stream().map(MeasureTable.Row::measure).distinct())
                    .containsExactly(
                            DirectionalConvergence.NAME,
                            AngularSpeed.NAME,
                            TokenCoherence.NAME,
                            TokenCoherence.PAIRS,
                            UpdateRank.STABLE,
                            UpdateRank.EFFECTIVE,
                            ClassBasins.WITHIN_COSINE,
                            ClassBasins.BETWEEN_COSINE,
                            ClassBasins.WITHIN_ANGLE,
                            ClassBasins.BETWEEN_ANGLE,
                            ClassBasins.ACCURACY,
                            PerturbationResponse.ANGLE,
                            PerturbationResponse.DISTANCE,
                            PerturbationResponse.CARRIED_ANGLE,
                            PerturbationResponse.CARRIED_DISTANCE,
                            PerturbationResponse.FLIPS);
            for (MeasureTable.Row row : table.rows()) {
                double[] range = RANGES.get(row.unit());
                assertThat(row.value()).as(row.toString()).isBetween(range[0] - ROUNDING, range[1] + ROUNDING);
            }
        }
    }
}
