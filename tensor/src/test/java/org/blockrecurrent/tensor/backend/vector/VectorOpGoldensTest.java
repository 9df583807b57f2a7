package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OpGoldens;

class VectorOpGoldensTest extends OpGoldens {
    @Override
    protected Backend backend() {
        return VectorBackend.open(2);
    }
}
