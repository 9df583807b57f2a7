package org.blockrecurrent.benchmarks;

import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.tensor.InvalidInputException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The matrix products of one layer, {@code batch · tokens} rows: {@code qkv}, {@code proj}, {@code fc1} and {@code fc2} of a block
 * of width {@code dim}, with constant weights as in inference.
 */
public class GemmBenchmark extends WorkBenchmark {
    @Param({"1", "8"})
    public int batch;

    @Param("261")
    public int tokens;

    @Param("768")
    public int dim;

    @Param({"qkv", "proj", "fc1", "fc2"})
    public String layer;

    @Override
    Work work() {
        return switch (layer) {
            case "qkv" -> new GemmWork(batch * tokens, dim, 3 * dim);
            case "proj" -> new GemmWork(batch * tokens, dim, dim);
            case "fc1" -> new GemmWork(batch * tokens, dim, 4 * dim);
            case "fc2" -> new GemmWork(batch * tokens, 4 * dim, dim);
            default -> throw new InvalidInputException("layer " + layer + " is unknown; choose qkv, proj, fc1 or fc2");
        };
    }

    @Benchmark
    public double gemm(Rates rates) {
        return once(rates);
    }
}
