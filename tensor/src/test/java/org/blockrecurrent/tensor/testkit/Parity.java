package org.blockrecurrent.tensor.testkit;

import java.util.HashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

/** The truth of a case by the reference backend, and how far rounding may move it. */
public record Parity(OpCase opCase, OpRun truth, Map<String, Double> noise) {
    private static final int DRAWS = 3;

    public static Parity of(OpCase opCase) {
        try (ReferenceBackend reference = new ReferenceBackend()) {
            Drawn drawn = Drawn.of(opCase);
            OpRun truth = OpRun.of(opCase, reference, drawn);
            Map<String, Double> noise = new HashMap<>();
            for (int draw = 0; draw < DRAWS; draw++) {
                OpRun moved = OpRun.of(opCase, reference, drawn.moved(draw));
                truth.results()
                        .forEach((name, values) -> noise.merge(name, difference(values, moved.get(name)), Math::max));
            }
            return new Parity(opCase, truth, noise);
        }
    }

    /** How far the named result moves when every input is moved by a float rounding error: the largest of three draws. */
    public double noise(String name) {
        return noise.get(name);
    }

    /** Runs the case on a backend and fails where it is not the truth; returns the largest share of a tolerance used up. */
    public double require(Backend backend) {
        return require(opCase.tolerance(), OpRun.of(opCase, backend, Drawn.of(opCase)));
    }

    public double require(Tolerance tolerance, OpRun run) {
        double share = 0;
        for (String name : truth.results().keySet()) {
            double used = tolerance.require(opCase + ", " + name, run.get(name), truth.get(name), noise(name));
            share = Math.max(share, used);
        }
        return share;
    }

    static double difference(double[] a, double[] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
