package org.blockrecurrent.dynamics;

import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;

/** A trajectory read to the host: each state once, however many measures look at it, with the norm of every token. */
public final class HostTrajectory {
    private final Trajectory trajectory;
    private final float[][] states;
    private final double[][] norms;

    private HostTrajectory(Trajectory trajectory) {
        this.trajectory = trajectory;
        states = new float[trajectory.layers() + 1][];
        norms = new double[trajectory.layers() + 1][];
    }

    /** Waits for the device. The result does not outlive the tensors where a measure follows the layer map from them. */
    public static HostTrajectory read(Trajectory trajectory) {
        HostTrajectory host = new HostTrajectory(trajectory);
        for (int layer = 0; layer <= trajectory.layers(); layer++) {
            host.states[layer] = trajectory.state(layer).toArray();
            host.norms[layer] = Directions.norms(host.states[layer], trajectory.embedDim());
        }
        return host;
    }

    /** The tensors it was read from. */
    public Trajectory trajectory() {
        return trajectory;
    }

    /** x_ℓ (B, N, D), row-major; not to be changed. */
    public float[] state(int layer) {
        return states[layer];
    }

    /** ‖x_ℓ‖ of every token, (B, N). */
    public double[] norms(int layer) {
        return norms[layer];
    }

    /** Writes the direction of one token into a vector of length D. */
    public void direction(int layer, int image, int token, double[] direction) {
        int row = row(image, token);
        Directions.unit(states[layer], row * embedDim(), norms[layer][row], direction);
    }

    /** The index of a token among the B·N tokens of the batch. */
    public int row(int image, int token) {
        return image * layout().tokens() + token;
    }

    public TokenLayout layout() {
        return trajectory.layout();
    }

    /** L. */
    public int layers() {
        return trajectory.layers();
    }

    /** B. */
    public int batch() {
        return trajectory.batch();
    }

    /** D. */
    public int embedDim() {
        return trajectory.embedDim();
    }
}
