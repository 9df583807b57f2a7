package org.blockrecurrent.benchmarks;

import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.Backend;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Throughput of a weight-tied block applied {@code depth} times: batches a second, and beside it images a second and
 * GFLOP a second. The defaults are the size of the quick start's Raptors; the published one is {@code -p batch=4 -p
 * tokens=261 -p dim=768 -p heads=12 -p depth=12}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseG1GC"})
public class RecurrentBlockBenchmark {
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

    /** Threads of the backend, not of the benchmark; 0 for all processors. */
    @Param("0")
    public int threads;

    /** {@code vector}, {@code reference}, {@code cuda}. */
    @Param("vector")
    public String device;

    /** {@code forward} or {@code forward+backward}. */
    @Param({"forward", "forward+backward"})
    public String mode;

    private BlockSize size;
    private Pass pass;
    private Backend backend;
    private BlockRun run;

    /** What one invocation did, shown by JMH as rates. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Work {
        public long images;
        public double gigaflop;
    }

    @Setup(Level.Trial)
    public void open() {
        size = new BlockSize(batch, tokens, dim, heads, depth);
        pass = Pass.of(mode);
        backend = BenchmarkDevice.open(device, threads);
        BlockVerification.require(backend, size, pass);
        run = new BlockRun(backend, size, pass);
        System.out.println("# verified against the reference; " + backend.description());
    }

    @TearDown(Level.Trial)
    public void close() {
        backend.close();
    }

    @Benchmark
    public double recurrentBlock(Work work) {
        work.images += batch;
        work.gigaflop += size.flops(pass) * 1e-9;
        return run.run();
    }
}
