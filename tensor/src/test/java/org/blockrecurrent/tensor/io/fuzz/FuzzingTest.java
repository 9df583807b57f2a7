package org.blockrecurrent.tensor.io.fuzz;

import java.io.IOException;
import org.blockrecurrent.tensor.testkit.Fuzzer;
import org.junit.jupiter.api.Test;

class FuzzingTest {
    private static final int EXECUTIONS = 20_000;

    @Test
    void no_reader_of_files_is_led_astray_by_what_a_fuzzer_makes_of_the_corpus()
            throws IOException, InterruptedException {
        Fuzzer.run(ReadersFuzzTest.class, "everything", EXECUTIONS);
    }
}
