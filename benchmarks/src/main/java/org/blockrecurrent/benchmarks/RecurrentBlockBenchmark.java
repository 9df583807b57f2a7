package org.blockrecurrent.benchmarks;

import org.blockrecurrent.benchmarks.workload.BlockSize;
import org.blockrecurrent.benchmarks.workload.BlockWork;
import org.blockrecurrent.benchmarks.workload.Pass;
import org.blockrecurrent.benchmarks.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Throughput of a weight-tied block applied {@code depth} times: batches a second, and beside it images a second and
 * GFLOP a second. The defaults are the size of the quick start's Raptors; the published one is {@code -p batch=4 -p
 * tokens=261 -p dim=768 -p heads=12 -p depth=12}.
 */
public class RecurrentBlockBenchmark extends WorkBenchmark {
    @Param("64")
    public int batch;

    @Param("17")
    public int tokens;

    @Param("96")
    public int dim;

    @Param("4")
    public int heads;

    @Param("8")
    public int depth;

    /** {@code forward} or {@code forward+backward}. */
    @Param({"forward", "forward+backward"})
    public String mode;

    @Override
    Work work() {
        return new BlockWork(new BlockSize(batch, tokens, dim, heads, depth), Pass.of(mode));
    }

    @Benchmark
    public double recurrentBlock(Rates rates) {
        return once(rates);
    }
}
