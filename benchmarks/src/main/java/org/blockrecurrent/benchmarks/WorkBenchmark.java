package org.blockrecurrent.benchmarks;

import java.util.concurrent.TimeUnit;
import org.blockrecurrent.benchmarks.workload.BenchmarkDevice;
import org.blockrecurrent.benchmarks.workload.Numbers;
import org.blockrecurrent.benchmarks.workload.Verification;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.tensor.Backend;
import org.openjdk.jmh.annotations.AuxCounters;
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

/** What all benchmarks have in common: a work on a device, verified against the reference before it is timed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "-XX:+UseG1GC"})
public abstract class WorkBenchmark {
    /** Threads of the backend, not of the benchmark; 0 for all processors. */
    @Param("0")
    public int threads;

    /** {@code vector}, {@code reference}, {@code cuda}, {@code cuda:cublas}. */
    @Param("vector")
    public String device;

    private Work work;
    private Backend backend;
    private Work.Run run;

    /** What one invocation did, shown by JMH as rates. */
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    @State(Scope.Thread)
    public static class Rates {
        public long images;
        public double gigaflop;
    }

    /** The work that the parameters describe. */
    abstract Work work();

    @Setup(Level.Trial)
    public void open() {
        work = work();
        backend = BenchmarkDevice.open(device, threads);
        Verification.require(backend, work);
        run = work.open(backend, Numbers.drawn());
        System.out.println("# verified against the reference; " + backend.description());
    }

    @TearDown(Level.Trial)
    public void close() {
        backend.close();
    }

    final double once(Rates rates) {
        rates.images += work.images();
        rates.gigaflop += work.flops() * 1e-9;
        return run.once();
    }
}
