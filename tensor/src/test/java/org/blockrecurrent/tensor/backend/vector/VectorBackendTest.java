package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;

/** The vector backend on two threads. */
class VectorBackendTest extends BackendContract {
    @Override
    protected Backend backend() {
        return VectorBackend.open(2);
    }
}
