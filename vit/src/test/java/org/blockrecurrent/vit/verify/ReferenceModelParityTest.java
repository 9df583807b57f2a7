package org.blockrecurrent.vit.verify;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

class ReferenceModelParityTest extends ModelParityContract {
    @Override
    protected Backend open() {
        return new ReferenceBackend();
    }

    @Override
    protected boolean isTooLarge(GoldenCase golden) {
        return golden instanceof GeneratedCase;
    }
}
