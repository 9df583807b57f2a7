package org.blockrecurrent.raptor.evaluation;

import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.nn.Mlp;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.VitConfig;

/**
 * The ε of the Block-Recurrent Hypothesis. A network satisfies it with k blocks if at <em>every</em> depth ℓ
 *
 * <pre>
 *   E_x ‖ f_ℓ(x) − (B_k^{(n_k)} ∘ … ∘ B_1^{(n_1)})(x) ‖_F ≤ ε,    n_1 + … + n_k = ℓ
 * </pre>
 *
 * at equal computational cost. f_ℓ(x) is the teacher's state after layer ℓ, tokens by channels; the norm is Frobenius's and
 * not normalized. {@code relative} divides by E_x ‖f_ℓ(x)‖_F, so that depths and models can be compared.
 *
 * <p>Three guards keep the definition from being trivial; all are in {@link Result}: every depth is matched and not the last
 * alone, the tied blocks are far fewer than the layers, and a block costs no more than the layer it stands for.
 *
 * <p>Streams: {@code accept} each batch, then ask for the {@code result}.
 */
public final class BlockRecurrence {
    private double[] distance;
    private double[] norm;
    private long images;

    /** Adds a batch. Both trajectories hold the states x₀ … x_L of the same images. */
    public void accept(Trajectory teacher, Trajectory surrogate) {
        TrajectoryPair.require(teacher, surrogate);
        if (distance == null) {
            distance = new double[teacher.layers()];
            norm = new double[teacher.layers()];
        }
        if (distance.length != teacher.layers()) {
            throw new InvalidInputException("ε: a trajectory of another model than the first");
        }
        for (int layer = 1; layer <= distance.length; layer++) {
            add(
                    layer - 1,
                    teacher.state(layer).toArray(),
                    surrogate.state(layer).toArray(),
                    teacher.batch());
        }
        images += teacher.batch();
    }

    private void add(int index, float[] teacher, float[] surrogate, int batch) {
        int size = teacher.length / batch;
        for (int b = 0; b < batch; b++) {
            double squaredDistance = 0;
            double squaredNorm = 0;
            for (int i = b * size; i < (b + 1) * size; i++) {
                double difference = (double) surrogate[i] - teacher[i];
                squaredDistance += difference * difference;
                squaredNorm += (double) teacher[i] * teacher[i];
            }
            distance[index] += Math.sqrt(squaredDistance);
            norm[index] += Math.sqrt(squaredNorm);
        }
    }

    /** The mean over the images so far, beside what the guards ask for. */
    public Result result(VitConfig teacher, Raptor surrogate) {
        int tokens = teacher.layout().tokens();
        double cost = (double) surrogate.config().multiplyAdds(tokens) / multiplyAdds(teacher, tokens);
        return result(surrogate.assignment().blocks(), cost);
    }

    /** As {@link #result(VitConfig, Raptor)}, of a map of which number of blocks and cost are known otherwise. */
    public Result result(int blocks, double costRatio) {
        if (images == 0) {
            throw new InvalidInputException("ε: no image was given");
        }
        double[] epsilon = new double[distance.length];
        double[] relative = new double[distance.length];
        for (int i = 0; i < epsilon.length; i++) {
            epsilon[i] = distance[i] / images;
            relative[i] = distance[i] / norm[i];
        }
        return new Result(epsilon, relative, blocks, costRatio);
    }

    private static long multiplyAdds(VitConfig teacher, int tokens) {
        long D = teacher.embedDim();
        long first = teacher.mlp() == Mlp.Kind.SWIGLU ? 2L * teacher.mlpDim() : teacher.mlpDim();
        return tokens * (4 * D * D + first * D + teacher.mlpDim() * D) + 2 * D * tokens * tokens;
    }

    /**
     * ε at every depth, and the guards.
     *
     * @param epsilon ε_ℓ for ℓ = 1 … L, at index ℓ − 1
     * @param relative ε_ℓ / E‖f_ℓ‖, at index ℓ − 1
     * @param blocks k
     * @param costRatio multiply-adds of a block over those of a layer of the teacher; 1 for equal cost
     */
    public record Result(double[] epsilon, double[] relative, int blocks, double costRatio) {

        /** L: the number of depths that were compared, which is all of them. */
        public int depth() {
            return epsilon.length;
        }

        /** The smallest ε for which the definition holds: the largest over all depths. */
        public double largest() {
            double largest = 0;
            for (double e : epsilon) {
                largest = Math.max(largest, e);
            }
            return largest;
        }

        /** The largest relative ε over all depths. */
        public double largestRelative() {
            double largest = 0;
            for (double e : relative) {
                largest = Math.max(largest, e);
            }
            return largest;
        }

        /** k / L: how much is reused; 1 means that nothing is tied. */
        public double blocksPerLayer() {
            return (double) blocks / depth();
        }
    }
}
