package org.blockrecurrent.raptor.golden;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

class VectorRaptorGoldenTest extends RaptorGoldenContract {
    @Override
    protected Backend open() {
        return VectorBackend.open();
    }

    @Override
    protected GoldenTolerances tolerances() {
        return GoldenTolerances.ofFloats();
    }
}
