package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends in JVMs that were started with other options. */
@Tag("process")
class OtherJvmsTest {
    private static final String COST = "loop strip mining off";

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC"})
    void a_collector_that_slows_the_kernels_is_told_once_with_its_remedy(String collector)
            throws IOException, InterruptedException {
        String output = ChildJvm.output(List.of(collector), 2, "scalar");
        assertThat(output).containsOnlyOnce("WARNING: Computing slower");
        assertThat(output).contains("-XX:+UseG1GC", "-XX:LoopStripMiningIter=1000");
        assertThat(output.lines().filter(line -> line.startsWith("vector: ")))
                .singleElement()
                .asString()
                .endsWith(COST);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"-XX:+UseG1GC", "-XX:+UseSerialGC -XX:+UseCountedLoopSafepoints -XX:LoopStripMiningIter=1000"})
    void nothing_is_said_where_loops_are_strip_mined(String options) throws IOException, InterruptedException {
        String output = ChildJvm.output(List.of(options.split(" ")), 2, "scalar");
        assertThat(output).doesNotContain(COST).doesNotContain("WARNING: Computing slower");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    void a_jvm_that_does_not_optimize_gets_plain_loops_at_once(String option) throws IOException, InterruptedException {
        String output = ChildJvm.output(List.of(option, "-XX:+UseG1GC"), 2, "vectors");
        assertThat(output).contains("has not compiled", "-XX:TieredStopAtLevel");
        assertThat(output).contains("lanes: plain loops");
    }

    @Test
    void there_are_as_many_threads_as_the_jvm_may_use_processors() throws IOException, InterruptedException {
        assertThat(ChildJvm.output(List.of("-XX:ActiveProcessorCount=3", "-XX:+UseG1GC"), 0, "vectors"))
                .contains("threads: 3");
    }

    @Test
    void more_threads_than_processors_do_their_work() throws IOException, InterruptedException {
        assertThat(ChildJvm.output(List.of("-XX:ActiveProcessorCount=1", "-XX:+UseG1GC"), 8, "scalar"))
                .contains("threads: 8");
    }
}
