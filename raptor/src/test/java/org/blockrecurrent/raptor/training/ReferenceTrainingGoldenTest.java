package org.blockrecurrent.raptor.training;

import org.blockrecurrent.raptor.golden.GoldenTolerances;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;

class ReferenceTrainingGoldenTest extends TrainingGoldenContract {
    @Override
    protected Backend open() {
        return new ReferenceBackend();
    }

    @Override
    protected GoldenTolerances tolerances() {
        return GoldenTolerances.ofDoubles();
    }
}
