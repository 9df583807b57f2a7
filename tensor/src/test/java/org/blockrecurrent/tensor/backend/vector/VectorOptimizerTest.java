package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OptimizerContract;

class VectorOptimizerTest extends OptimizerContract {
    @Override
    protected Backend backend() {
        return VectorBackend.open(2);
    }
}
