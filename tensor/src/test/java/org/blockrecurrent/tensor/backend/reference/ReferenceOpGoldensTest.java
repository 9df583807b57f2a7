package org.blockrecurrent.tensor.backend.reference;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.OpGoldens;
import org.blockrecurrent.tensor.testkit.Tolerance;

class ReferenceOpGoldensTest extends OpGoldens {
    @Override
    protected Backend backend() {
        return new ReferenceBackend();
    }

    @Override
    protected Tolerance tolerance() {
        return Tolerance.goldenDouble();
    }
}
