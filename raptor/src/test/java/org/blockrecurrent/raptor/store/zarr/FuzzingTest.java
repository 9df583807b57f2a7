package org.blockrecurrent.raptor.store.zarr;

import java.io.IOException;
import org.blockrecurrent.tensor.testkit.Fuzzer;
import org.junit.jupiter.api.Test;

class FuzzingTest {
    private static final int EXECUTIONS = 20_000;

    @Test
    void neither_frames_nor_metadata_that_a_fuzzer_makes_lead_the_reader_astray()
            throws IOException, InterruptedException {
        Fuzzer.run(ZarrFuzzTest.class, "everything", EXECUTIONS);
    }
}
