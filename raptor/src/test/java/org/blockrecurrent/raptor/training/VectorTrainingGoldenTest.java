package org.blockrecurrent.raptor.training;

import org.blockrecurrent.raptor.golden.GoldenTolerances;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;

class VectorTrainingGoldenTest extends TrainingGoldenContract {
    @Override
    protected Backend open() {
        return VectorBackend.open();
    }

    @Override
    protected GoldenTolerances tolerances() {
        return GoldenTolerances.ofFloats();
    }
}
