package org.blockrecurrent.vit.golden;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.testkit.Tolerance;

class ReferenceVitGoldenTest extends VitGoldenContract {
    @Override
    protected Backend open() {
        return new ReferenceBackend();
    }

    @Override
    protected Tolerance tolerance() {
        return Tolerance.goldenDouble();
    }
}
