package org.blockrecurrent.raptor.phases;

/**
 * How clearly the layers fall into phases. The paper correlates such a number with how well a Raptor can be fitted, but
 * its formula is not public: this definition is our own.
 *
 * <pre>
 *   score = 1 − mean dissimilarity inside phases / mean dissimilarity between phases
 * </pre>
 *
 * where both means are taken over pairs of layers at the same distances in depth: for every distance |ℓ − m| that occurs
 * both inside and between phases, the two means at that distance are compared, and the distances are weighted by the
 * smaller number of their pairs. Without this, any smooth drift along depth would score, because pairs inside a phase are
 * also nearer to each other. 0: a phase boundary makes no difference; 1: the layers of a phase are all alike.
 *
 * @param score as above; NaN where no distance occurs on both sides (k = 1)
 * @param meanWithin mean dissimilarity of pairs inside phases
 * @param meanBetween mean dissimilarity of pairs in different phases
 */
public record PhaseStructure(double score, double meanWithin, double meanBetween) {

    /** The score of an assignment on a matrix. */
    public static PhaseStructure of(DissimilarityMatrix dissimilarity, LayerAssignment assignment) {
        double matchedWithin = 0;
        double matchedBetween = 0;
        Pairs allWithin = new Pairs();
        Pairs allBetween = new Pairs();
        for (int distance = 1; distance < dissimilarity.layers(); distance++) {
            Pairs within = new Pairs();
            Pairs between = new Pairs();
            for (int layer = 1; layer + distance <= dissimilarity.layers(); layer++) {
                boolean together = assignment.blockOf(layer) == assignment.blockOf(layer + distance);
                (together ? within : between).add(dissimilarity.between(layer, layer + distance));
            }
            int weight = Math.min(within.count, between.count);
            matchedWithin += weight == 0 ? 0 : weight * within.mean();
            matchedBetween += weight == 0 ? 0 : weight * between.mean();
            allWithin.add(within);
            allBetween.add(between);
        }
        return new PhaseStructure(1 - matchedWithin / matchedBetween, allWithin.mean(), allBetween.mean());
    }

    private static final class Pairs {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        void add(Pairs other) {
            sum += other.sum;
            count += other.count;
        }

        double mean() {
            return sum / count;
        }
    }
}
