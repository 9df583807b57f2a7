package org.blockrecurrent.tensor.backend.reference;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;

class ReferenceBackendTest extends BackendContract {
    @Override
    protected Backend backend() {
        return new ReferenceBackend();
    }
}
