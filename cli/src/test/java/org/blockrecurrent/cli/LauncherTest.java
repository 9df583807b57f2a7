package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LauncherTest {
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final String G1 = "-XX:+UseG1GC";

    @Test
    void a_complete_jvm_is_kept() {
        assertThat(new Launcher.Jvm(true, true, false, List.of()).missingOptions())
                .isEmpty();
    }

    @Test
    void what_is_missing_is_asked_for() {
        assertThat(new Launcher.Jvm(false, false, false, List.of()).missingOptions())
                .containsExactly(VECTORS, G1);
        assertThat(new Launcher.Jvm(true, false, false, List.of()).missingOptions())
                .containsExactly(G1);
        assertThat(new Launcher.Jvm(false, true, false, List.of()).missingOptions())
                .containsExactly(VECTORS);
    }

    @Test
    void the_second_jvm_is_never_started_again() {
        assertThat(new Launcher.Jvm(false, false, true, List.of()).missingOptions())
                .isEmpty();
    }

    @Test
    void a_collector_that_was_chosen_stays() {
        Launcher.Jvm jvm = new Launcher.Jvm(false, false, false, List.of("-Xmx1g", "-XX:+UseParallelGC"));
        assertThat(jvm.missingOptions()).containsExactly(VECTORS);
    }

    @Test
    void a_jvm_under_a_debugger_is_kept() {
        Launcher.Jvm jvm = new Launcher.Jvm(false, false, false, List.of("-agentlib:jdwp=transport=dt_socket"));
        assertThat(jvm.missingOptions()).isEmpty();
    }

    @Test
    void the_second_jvm_gets_the_same_options_and_arguments() {
        List<String> command = Launcher.command(
                TrainTeacher.class, new String[] {"--out", "a folder"}, List.of(G1), List.of("-Xmx1g"));
        assertThat(command.get(0)).startsWith(System.getProperty("java.home")).endsWith("java");
        assertThat(command)
                .containsSubsequence(
                        "-Xmx1g",
                        G1,
                        "-D" + Launcher.RELAUNCHED + "=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.blockrecurrent.cli.TrainTeacher",
                        "--out",
                        "a folder");
    }

    @Test
    void this_jvm_was_started_with_all_it_needs() {
        assertThat(Launcher.Jvm.current().missingOptions()).isEmpty();
    }
}
