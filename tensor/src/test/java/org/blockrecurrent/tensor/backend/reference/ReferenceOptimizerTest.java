package org.blockrecurrent.tensor.backend.reference;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OptimizerContract;

class ReferenceOptimizerTest extends OptimizerContract {
    @Override
    protected Backend backend() {
        return new ReferenceBackend();
    }
}
