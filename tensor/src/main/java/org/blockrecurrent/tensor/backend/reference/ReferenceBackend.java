package org.blockrecurrent.tensor.backend.reference;

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
 * The backend that the others are held against: one thread, plain loops, doubles throughout.
 *
 * <p>Constants that kernels take as floats are read as the decimal they were written as: {@code 0.1f} counts as 0.1.
 */
public final class ReferenceBackend extends Backend {
    private final ElementwiseKernels elementwise = new ReferenceElementwise();
    private final MatmulKernels matmul = new ReferenceMatmul();
    private final NormKernels norm = new ReferenceNorm();
    private final AttentionKernels attention = new ReferenceAttention();
    private final ReduceKernels reduce = new ReferenceReduce();
    private final TokenKernels tokens = new ReferenceTokens();
    private final LossKernels loss = new ReferenceLoss();
    private final OptimizerKernels optimizer = new ReferenceOptimizer();
    private long liveBytes;
    private long peakBytes;

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "reference: plain loops in double precision on one thread";
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
        liveBytes += bytes(shape.size());
        peakBytes = Math.max(peakBytes, liveBytes);
        return new ReferenceStorage(shape.size(), this);
    }

    void released(int size) {
        liveBytes -= bytes(size);
    }

    /** Widens each value. */
    @Override
    public void write(Storage target, float[] values) {
        requireSize("write", target, values.length);
        double[] y = ReferenceStorage.values(target);
        for (int i = 0; i < y.length; i++) {
            y[i] = values[i];
        }
        target.touch();
    }

    @Override
    public void write(Storage target, double[] values) {
        requireSize("write", target, values.length);
        System.arraycopy(values, 0, ReferenceStorage.values(target), 0, values.length);
        target.touch();
    }

    /** Rounds each value to float. */
    @Override
    public void read(Storage source, float[] values) {
        requireSize("read", source, values.length);
        double[] x = ReferenceStorage.values(source);
        for (int i = 0; i < x.length; i++) {
            values[i] = (float) x[i];
        }
    }

    @Override
    public void read(Storage source, double[] values) {
        requireSize("read", source, values.length);
        System.arraycopy(ReferenceStorage.values(source), 0, values, 0, values.length);
    }

    @Override
    public void fill(Storage target, float value) {
        Arrays.fill(ReferenceStorage.values(target), value);
        target.touch();
    }

    @Override
    public void copy(Storage target, Storage source) {
        requireSize("copy", target, source.size());
        System.arraycopy(ReferenceStorage.values(source), 0, ReferenceStorage.values(target), 0, source.size());
        target.touch();
    }

    @Override
    public long peakBytes() {
        return peakBytes;
    }

    private static long bytes(int size) {
        return (long) Double.BYTES * size;
    }

    private static void requireSize(String name, Storage storage, int size) {
        if (storage.size() != size) {
            throw new InvalidInputException(
                    name + ": the tensor has " + storage.size() + " elements, the other side " + size);
        }
    }
}
