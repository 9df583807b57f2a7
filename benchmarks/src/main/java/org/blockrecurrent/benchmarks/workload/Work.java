package org.blockrecurrent.benchmarks.workload;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.nn.ParameterSource;

/** A computation of fixed size. All its numbers come from outside by name, so that peers can be given the same. */
public sealed interface Work permits EncoderWork, BlockWork, TrainingWork, GemmWork, AttentionWork {
    /** Names that begin with this are inputs; all others are parameters. */
    String INPUT = "input.";

    /** Makes it ready on a backend. */
    Run open(Backend backend, ParameterSource.Values values);

    /** Floating-point operations of one run: two for each multiply-add of its matrix products; a backward pass costs two forward. */
    double flops();

    /** Images of one run; 0 where there are none. */
    int images();

    /** Terms that the longest sums have, over all layers: what rounding errors grow with. */
    int terms();

    /** The same widths on few rows and layers: what the reference computes in no time. */
    Work slice();

    /** A work that is ready to be run again and again. */
    interface Run {
        /** Runs once. Returns a number that depends on the result: reading it waits for the device. */
        double once();

        /** The results by name, to be compared. Asked for at most once, before the first {@link #once}. */
        Map<String, double[]> results();
    }
}
