package org.blockrecurrent.dynamics;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.Trajectory;

/**
 * The baseline without a direction: a walk that starts where a trajectory starts and whose steps have the lengths of its
 * steps, token by token, in directions drawn uniformly from the sphere: {@code w_0 = x_0}, {@code w_{ℓ+1} = w_ℓ +
 * ‖x_{ℓ+1} − x_ℓ‖ g/‖g‖}.
 */
public final class RandomWalk {
    private RandomWalk() {}

    /**
     * The walk beside a trajectory, on its backend and in its current scope.
     *
     * @param firstImage the place of the batch's first image in the stream, so that the walk does not depend on batches
     */
    public static Trajectory beside(Trajectory trajectory, long seed, long firstImage) {
        List<Tensor> states = new ArrayList<>();
        states.add(trajectory.state(0));
        float[] from = trajectory.state(0).toArray();
        float[] walk = from.clone();
        for (int layer = 1; layer <= trajectory.layers(); layer++) {
            float[] to = trajectory.state(layer).toArray();
            Philox random = new Philox(seed, Philox.streamOf("random walk"), layer);
            walk = stepped(walk, from, to, trajectory, random, firstImage);
            states.add(trajectory.state(0).backend().tensor(trajectory.state(0).shape(), walk));
            from = to;
        }
        return new Trajectory(states, trajectory.layout());
    }

    private static float[] stepped(
            float[] walk, float[] from, float[] to, Trajectory trajectory, Philox random, long firstImage) {
        int D = trajectory.embedDim();
        float[] next = unitVectors(
                random, firstImage, trajectory.batch(), trajectory.layout().tokens(), D);
        for (int start = 0; start < next.length; start += D) {
            double length = Directions.distance(to, from, start, D);
            for (int d = start; d < start + D; d++) {
                next[d] = (float) (walk[d] + length * next[d]);
            }
        }
        return next;
    }

    /** Vectors drawn uniformly from the unit sphere, (B, N, D), for images from a place in the stream on. */
    static float[] unitVectors(Philox random, long firstImage, int B, int N, int D) {
        float[] vectors = new float[B * N * D];
        long firstDraw = firstImage * N * D;
        double[] g = new double[D];
        for (int start = 0; start < vectors.length; start += D) {
            for (int d = 0; d < D; d++) {
                g[d] = random.normal(firstDraw + start + d);
            }
            double norm = Directions.norm(g);
            for (int d = 0; d < D; d++) {
                vectors[start + d] = (float) (g[d] / norm);
            }
        }
        return vectors;
    }
}
