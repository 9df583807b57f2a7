package org.blockrecurrent.vit.golden;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.testkit.Tolerance;

class VectorVitGoldenTest extends VitGoldenContract {
    @Override
    protected Backend open() {
        return VectorBackend.open();
    }

    @Override
    protected Tolerance tolerance() {
        return Tolerance.golden();
    }
}
