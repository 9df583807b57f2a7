package org.blockrecurrent.benchmarks;

import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Inference of a Vision Transformer of {@code depth} blocks without registers. The defaults have the size of DINOv2-B with
 * 256 patches and 4 registers.
 */
public class EncoderBenchmark extends WorkBenchmark {
    @Param({"1", "8"})
    public int batch;

    @Param("261")
    public int tokens;

    @Param("768")
    public int dim;

    @Param("12")
    public int heads;

    @Param("12")
    public int depth;

    @Override
    Work work() {
        return EncoderWork.of(batch, tokens, dim, heads, depth);
    }

    @Benchmark
    public double encoder(Rates rates) {
        return once(rates);
    }
}
