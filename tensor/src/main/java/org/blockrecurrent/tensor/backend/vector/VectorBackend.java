package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.backend.AttentionKernels;
import org.blockrecurrent.tensor.backend.ElementwiseKernels;
import org.blockrecurrent.tensor.backend.LossKernels;
import org.blockrecurrent.tensor.backend.MatmulKernels;
import org.blockrecurrent.tensor.backend.NormKernels;
import org.blockrecurrent.tensor.backend.OptimizerKernels;
import org.blockrecurrent.tensor.backend.ReduceKernels;
import org.blockrecurrent.tensor.backend.TokenKernels;

/**
 * The default backend: float arrays, vector instructions, threads. The number of threads changes no bit of any result;
 * the width of the vectors (or their absence) does change last bits.
 */
public final class VectorBackend extends Backend {
    private final Jvm jvm = Jvm.current();
    private final LaneSelection selection;
    private final Resources resources;
    private final ElementwiseKernels elementwise;
    private final MatmulKernels matmul;
    private final NormKernels norm;
    private final AttentionKernels attention;
    private final ReduceKernels reduce;
    private final TokenKernels tokens;
    private final LossKernels loss;
    private final OptimizerKernels optimizer;

    private VectorBackend(LaneSelection selection, int threads) {
        this.selection = selection;
        resources = Resources.of(selection.lanes(), threads);
        elementwise = new VectorElementwise(resources);
        matmul = new VectorMatmul(resources);
        norm = new VectorNorm(resources);
        attention = new VectorAttention(resources);
        reduce = new VectorReduce(resources);
        tokens = new VectorTokens(resources);
        loss = new VectorLoss(resources);
        optimizer = new VectorOptimizer(resources);
    }

    /** With as many threads as there are processors. */
    public static VectorBackend open() {
        return open(Runtime.getRuntime().availableProcessors());
    }

    /** With vector instructions if the JVM offers them; otherwise a warning says what to do about it. */
    public static VectorBackend open(int threads) {
        return open(threads, false);
    }

    /** With plain loops if {@code scalar}, as on a JVM without {@code jdk.incubator.vector}. */
    public static VectorBackend open(int threads, boolean scalar) {
        if (threads < 1) {
            throw new InvalidInputException("threads must be at least 1, got " + threads);
        }
        return new VectorBackend(LaneSelection.choose(scalar), threads);
    }

    /** What {@code doctor} prints: how this backend computes and how fast its matrix kernel is. */
    public VectorDiagnostics diagnostics() {
        KernelCheck check = selection.isVectorised()
                ? SimdTileChoice.ofThisProcess().check()
                : KernelCheck.measure(resources.lanes(), 100, System::nanoTime);
        return new VectorDiagnostics(
                resources.lanes().description(),
                selection.isVectorised(),
                selection.reason(),
                resources.team().size(),
                check.gigaflops(),
                selection.isSlow(),
                jvm.collectorCost());
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public String description() {
        return "vector: " + resources.lanes().description() + ", "
                + resources.team().size() + " threads" + (selection.isVectorised() ? "" : "; " + selection.reason())
                + (jvm.stripMinesLoops() ? "" : "; loop strip mining off");
    }

    @Override
    public ElementwiseKernels elementwise() {
        return elementwise;
    }

    @Override
    public MatmulKernels matmul() {
        return matmul;
    }

    @Override
    public NormKernels norm() {
        return norm;
    }

    @Override
    public AttentionKernels attention() {
        return attention;
    }

    @Override
    public ReduceKernels reduce() {
        return reduce;
    }

    @Override
    public TokenKernels tokens() {
        return tokens;
    }

    @Override
    public LossKernels loss() {
        return loss;
    }

    @Override
    public OptimizerKernels optimizer() {
        return optimizer;
    }

    @Override
    protected Storage newStorage(Shape shape) {
        return new HeapStorage(resources.pool(), shape.size());
    }

    @Override
    public void write(Storage target, float[] values) {
        float[] to = ((HeapStorage) target).written();
        System.arraycopy(values, 0, to, 0, to.length);
    }

    @Override
    public void read(Storage source, float[] values) {
        ((HeapStorage) source).copyTo(values);
    }

    @Override
    public void read(Storage source, double[] values) {
        float[] from = new float[values.length];
        read(source, from);
        for (int i = 0; i < from.length; i++) {
            values[i] = from[i];
        }
    }

    @Override
    public void fill(Storage target, float value) {
        Arrays.fill(((HeapStorage) target).written(), value);
    }

    @Override
    public void copy(Storage target, Storage source) {
        write(target, ((HeapStorage) source).values());
    }

    @Override
    public long peakBytes() {
        return resources.pool().peakBytes();
    }

    /** Arrays allocated so far, scratch included: constant once what is computed repeats. */
    public long freshArrays() {
        return resources.freshArrays();
    }

    @Override
    public void close() {
        super.close();
        resources.pool().clear();
        resources.team().close();
    }
}
