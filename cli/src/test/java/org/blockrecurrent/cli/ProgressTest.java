package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter out = new StringWriter();
    private final StopRequest stop = new StopRequest();
    private final Progress progress =
            new Progress(new Session(new PrintWriter(out, true), new PrintWriter(out, true), stop, false));

    @Test
    void a_log_gets_the_first_and_the_last_report_as_plain_lines() {
        for (int step = 0; step <= 100; step++) {
            progress.progress(new TrainingProgress("teacher", step, 100, step == 0 ? Double.NaN : 0.5, 1, 0.1, 2000));
        }
        assertThat(out.toString().lines())
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("teacher: 0 of 100 steps, 2000 images/s"),
                        last -> assertThat(last)
                                .startsWith("teacher: 100 of 100 steps, loss 0.5000, 2000 images/s, took ")
                                .endsWith(" s"));
    }

    @Test
    void a_log_has_no_control_characters() {
        progress.step("analysis", 0, 2, "images");
        progress.step("analysis", 2, 2, "images");
        assertThat(out.toString()).matches("[\\P{Cntrl}\\n]*");
    }

    @Test
    void training_is_told_of_a_stop_and_loops_end_by_it() {
        assertThat(progress.stopRequested()).isFalse();
        stop.make(StopRequest.TERMINATED);
        assertThat(progress.stopRequested()).isTrue();
        assertThatThrownBy(() -> progress.step("analysis", 1, 2, "images"))
                .isInstanceOf(StopRequest.StoppedException.class);
    }
}
