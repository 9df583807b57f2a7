package org.blockrecurrent.benchmarks;

import org.blockrecurrent.benchmarks.workload.AttentionWork;
import org.blockrecurrent.benchmarks.workload.Pass;
import org.blockrecurrent.benchmarks.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Attention without its projections. The defaults have the size of DINOv2-B.
 */
public class AttentionBenchmark extends WorkBenchmark {
    @Param({"1", "8"})
    public int batch;

    @Param("261")
    public int tokens;

    @Param("768")
    public int dim;

    @Param("12")
    public int heads;

    /** {@code forward} or {@code forward+backward}. */
    @Param({"forward", "forward+backward"})
    public String mode;

    @Override
    Work work() {
        return new AttentionWork(batch, tokens, dim, heads, Pass.of(mode));
    }

    @Benchmark
    public double attention(Rates rates) {
        return once(rates);
    }
}
