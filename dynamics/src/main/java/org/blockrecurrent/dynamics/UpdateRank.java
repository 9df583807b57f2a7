package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.vit.TokenGroup;

/**
 * How many directions of the channel space the updates of a layer use. The rows of ΔX̂_ℓ are the updates of directions,
 * {@code x̂_{ℓ+1} − x̂_ℓ}, of all tokens of a group in all images; with its singular values σ₁ ≥ σ₂ ≥ …:
 *
 * <pre>
 *   stable rank     ‖ΔX̂‖_F² / ‖ΔX̂‖₂² = Σ σ_i² / σ₁²
 *   effective rank  exp(−Σ p_i ln p_i),  p_i = σ_i² / Σ σ_j²       (after Roy and Vetterli, EUSIPCO 2007)
 * </pre>
 *
 * both between 1 and min(rows, D), and NaN where nothing moves. The paper (arXiv 2512.19941) reports a stable rank that falls
 * to about 6 in the last layers; the rows of its matrix and whether it is centred are not public. Here rows are tokens × images,
 * and both forms are given: uncentred, where a drift that all tokens share counts as one direction, and, under the condition
 * {@code centred}, about the mean update. Roy and Vetterli take p_i from σ_i; we take σ_i², shares of the variance.
 *
 * <p>Streams through the Gram matrix ΔX̂ᵀΔX̂ (D, D) in double precision: D² operations a token and step.
 */
public final class UpdateRank implements Measure {
    public static final String STABLE = "stable-rank";
    public static final String EFFECTIVE = "effective-rank";
    public static final String CENTRED = "centred";

    private final Map<String, List<GramMatrix>> grams = new LinkedHashMap<>();
    private long images;

    @Override
    public String name() {
        return "update-rank";
    }

    @Override
    public void accept(HostTrajectory states, int[] labels) {
        double[] before = new double[states.embedDim()];
        for (TokenGroup group : states.layout().groups()) {
            List<GramMatrix> byLayer = grams.computeIfAbsent(group.label(), unseen -> empty(states));
            for (int layer = 0; layer < states.layers(); layer++) {
                for (int image = 0; image < states.batch(); image++) {
                    for (int token = states.layout().from(group);
                            token < states.layout().to(group);
                            token++) {
                        addUpdate(states, layer, image, token, before, byLayer.get(layer));
                    }
                }
            }
        }
        images += states.batch();
    }

    private static List<GramMatrix> empty(HostTrajectory states) {
        List<GramMatrix> byLayer = new ArrayList<>();
        for (int layer = 0; layer < states.layers(); layer++) {
            byLayer.add(new GramMatrix(states.embedDim()));
        }
        return byLayer;
    }

    private static void addUpdate(
            HostTrajectory states, int layer, int image, int token, double[] before, GramMatrix gram) {
        double[] update = gram.next();
        states.direction(layer, image, token, before);
        states.direction(layer + 1, image, token, update);
        for (int d = 0; d < before.length; d++) {
            update[d] -= before[d];
        }
        gram.addNext();
    }

    @Override
    public void merge(Measure other) {
        UpdateRank next = Measure.sameKind(UpdateRank.class, other);
        next.grams.forEach((tokens, theirs) -> {
            List<GramMatrix> ours = grams.get(tokens);
            if (ours == null) {
                grams.put(tokens, copies(theirs));
            } else {
                for (int layer = 0; layer < ours.size(); layer++) {
                    ours.get(layer).merge(theirs.get(layer));
                }
            }
        });
        images += next.images;
    }

    private static List<GramMatrix> copies(List<GramMatrix> grams) {
        List<GramMatrix> copies = new ArrayList<>();
        grams.forEach(gram -> copies.add(gram.copy()));
        return copies;
    }

    @Override
    public List<MeasureTable.Row> result(String model) {
        List<MeasureTable.Row> rows = new ArrayList<>();
        grams.forEach((tokens, byLayer) -> {
            for (int layer = 0; layer < byLayer.size(); layer++) {
                double[] plain = byLayer.get(layer).squaredSingularValues();
                double[] centred = byLayer.get(layer).centredSquaredSingularValues();
                rows.add(row(STABLE, "", model, layer, tokens, stableRank(plain)));
                rows.add(row(EFFECTIVE, "", model, layer, tokens, effectiveRank(plain)));
                rows.add(row(STABLE, CENTRED, model, layer, tokens, stableRank(centred)));
                rows.add(row(EFFECTIVE, CENTRED, model, layer, tokens, effectiveRank(centred)));
            }
        });
        return rows;
    }

    private MeasureTable.Row row(
            String measure, String condition, String model, int layer, String tokens, double value) {
        return new MeasureTable.Row(measure, condition, model, layer, tokens, value, "rank", images);
    }

    /** Σ σ_i² / max σ_i². */
    static double stableRank(double[] squares) {
        double sum = 0;
        double largest = 0;
        for (double square : squares) {
            sum += square;
            largest = Math.max(largest, square);
        }
        return sum / largest; // 0 / 0, nothing moves, is NaN
    }

    /** exp of the entropy of the shares σ_i² / Σ σ_j². */
    static double effectiveRank(double[] squares) {
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        double entropy = sum > 0 ? 0 : Double.NaN;
        for (double square : squares) {
            double share = square / sum;
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        return Math.exp(entropy);
    }
}
