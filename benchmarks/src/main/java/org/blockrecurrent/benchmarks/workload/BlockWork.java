package org.blockrecurrent.benchmarks.workload;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.nn.ParameterSource;

/** A weight-tied block applied again and again, forward alone or with all its gradients. */
public record BlockWork(BlockSize size, Pass pass) implements Work {
    @Override
    public Run open(Backend backend, ParameterSource.Values values) {
        return new BlockRun(backend, size, pass, values);
    }

    @Override
    public double flops() {
        return size.flops(pass);
    }

    @Override
    public int images() {
        return size.batch();
    }

    @Override
    public int terms() {
        return size.config().mlpDim() * size.depth();
    }

    @Override
    public Work slice() {
        return new BlockWork(size.slice(), pass);
    }
}
