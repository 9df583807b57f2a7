package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;

/** What is left of the vector backend on a JVM without vectors. */
class ScalarBackendTest extends BackendContract {
    @Override
    protected Backend backend() {
        return VectorBackend.open(2, true);
    }
}
