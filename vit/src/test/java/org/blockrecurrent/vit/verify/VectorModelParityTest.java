package org.blockrecurrent.vit.verify;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

class VectorModelParityTest extends ModelParityContract {
    @Override
    protected Backend open() {
        return VectorBackend.open();
    }
}
