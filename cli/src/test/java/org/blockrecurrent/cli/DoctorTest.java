package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DoctorTest {
    @Test
    void the_memory_of_a_training_step_is_told_with_and_without_recomputing() {
        String out = CommandRun.of("doctor", "--device", "cpu").out();
        assertThat(out).contains("quickstart, 28 x 28 pixels, batches of 64", "base, 224 x 224 pixels, batches of 64");
        assertThat(out.lines().filter(line -> line.contains("MiB with --recompute): ")))
                .hasSize(6)
                .allMatch(line -> line.matches(
                        "training +train.*: (fits into the heap( with --recompute)?|does not fit into the heap)"));
    }

    @Test
    void a_size_that_was_asked_for_and_does_not_fit_is_a_problem_with_a_remedy() {
        CommandRun run = CommandRun.of("doctor", "--train-size", "giant", "--batch", "1000000");
        assertThat(run.out()).contains("does not fit into a heap of", "RAPTOR_JAVA_OPTS=-Xmx");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void the_batch_that_is_recommended_fits() {
        String out = CommandRun.of("doctor", "--train-size", "quickstart", "--batch", "100000")
                .out();
        String batch = out.replaceAll("(?s).*take --batch (\\d+) or less.*", "$1");
        assertThat(CommandRun.of("doctor", "--train-size", "quickstart", "--batch", batch)
                        .out())
                .doesNotContain("does not fit");
    }

    @Test
    void sizes_and_phases_that_are_not_there_are_refused() {
        CommandRun.of("doctor", "--train-size", "huge").failedWith(1, "huge", "quickstart, small, base");
        CommandRun.of("doctor", "--train-size", "base", "--phases", "1-4|5-8").failedWith(1, "8 layers", "12");
        CommandRun.of("doctor", "--phases", "1-4|5-8").failedWith(1, "--train-size");
        CommandRun.of("doctor", "--batch", "0").failedWith(1, "--batch");
    }
}
