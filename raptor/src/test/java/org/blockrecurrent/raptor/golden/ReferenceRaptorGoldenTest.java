package org.blockrecurrent.raptor.golden;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

class ReferenceRaptorGoldenTest extends RaptorGoldenContract {
    @Override
    protected Backend open() {
        return new ReferenceBackend();
    }

    @Override
    protected GoldenTolerances tolerances() {
        return GoldenTolerances.ofDoubles();
    }
}
