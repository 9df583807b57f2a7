package org.blockrecurrent.benchmarks;

import org.blockrecurrent.benchmarks.workload.TrainingWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * A training step of a classifier with AdamW. The defaults have the size of a ViT-Ti with 64 patches.
 */
public class TrainingStepBenchmark extends WorkBenchmark {
    @Param("64")
    public int batch;

    @Param("65")
    public int tokens;

    @Param("192")
    public int dim;

    @Param("3")
    public int heads;

    @Param("12")
    public int depth;

    @Override
    Work work() {
        return TrainingWork.of(batch, tokens, dim, heads, depth);
    }

    @Benchmark
    public double trainingStep(Rates rates) {
        return once(rates);
    }
}
