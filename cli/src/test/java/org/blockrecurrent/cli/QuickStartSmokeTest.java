package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.training.TeacherTraining;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from images to the report, in small. What comes out of it is not judged. */
class QuickStartSmokeTest {
    private static final List<String> CHECKPOINTS =
            List.of("teacher.safetensors", "raptor-k2.safetensors", "raptor-k3.safetensors");

    @TempDir
    static Path folder;

    private static Path straight;
    private static CommandRun run;

    @BeforeAll
    static void go_all_the_way() {
        straight = folder.resolve("straight run");
        run = CommandRun.of("quickstart", "--smoke", "--device", "cpu", "--out", straight.toString())
                .succeeded();
    }

    @Test
    void all_results_are_written_and_nothing_unfinished_is_left() throws IOException {
        CHECKPOINTS.forEach(file -> assertThat(straight.resolve(file)).isNotEmptyFile());
        for (String file : List.of(
                "report.html",
                "summary.json",
                "config.json",
                "measures.csv",
                "dissimilarity.csv",
                "phases.csv",
                "raptors-by-depth.csv",
                "teacher-curve.csv")) {
            assertThat(straight.resolve(file)).isNotEmptyFile();
        }
        try (var files = Files.walk(straight)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.endsWith(".tmp") || name.contains("training"));
        }
    }

    @Test
    void the_summary_has_what_it_promises() {
        JsonObject summary = Json.tree(straight.resolve("summary.json")).getAsJsonObject();
        assertThat(summary.getAsJsonObject("teacher").get("accuracy").getAsDouble())
                .isBetween(0.0, 1.0);
        JsonArray raptors = summary.getAsJsonArray("raptors");
        assertThat(raptors).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonObject raptor = raptors.get(i).getAsJsonObject();
            assertThat(raptor.get("k").getAsInt()).isEqualTo(i + 2);
            assertThat(raptor.get("phases").getAsString().split("\\|")).hasSize(i + 2);
            assertThat(raptor.get("accuracy").getAsDouble()).isBetween(0.0, 1.0);
            assertThat(raptor.get("r2").getAsDouble()).isLessThanOrEqualTo(1);
            assertThat(raptor.get("epsilon").getAsDouble()).isNotNegative();
        }
        assertThat(summary.get("seconds").getAsDouble()).isPositive();
        assertThat(summary.get("peakBytes").getAsLong()).isPositive();
    }

    @Test
    void the_report_tells_every_part_of_the_story() throws IOException {
        assertThat(Files.readString(straight.resolve("report.html")))
                .contains("The teacher", "Phases", "Raptors", "Depth as a dynamical system", "How this was made")
                .contains("raptor k=2", "raptor k=3", "untrained twin", "shuffled layers", "random walk");
    }

    @Test
    void the_configuration_holds_settings_and_environment() {
        JsonObject config = Json.tree(straight.resolve("config.json")).getAsJsonObject();
        assertThat(config.getAsJsonObject("settings").get("seed").getAsLong()).isZero();
        assertThat(config.getAsJsonObject("settings").getAsJsonObject("plan").keySet())
                .contains("vit", "teacherTraining", "raptor", "raptorTraining");
        assertThat(config.getAsJsonObject("environment").get("java").getAsString())
                .contains(System.getProperty("java.vendor"));
    }

    @Test
    void the_closing_table_says_where_to_look() {
        assertThat(run.out())
                .contains(
                        "teacher",
                        "raptor k=2",
                        "raptor k=3",
                        "R²",
                        straight.resolve("report.html").toString());
    }

    @Test
    void a_finished_run_is_not_done_again() {
        CommandRun again = CommandRun.of("quickstart", "--smoke", "--device", "cpu", "--out", straight.toString())
                .succeeded();
        assertThat(again.out()).contains("complete already", "raptor k=3").doesNotContain("steps");
    }

    @Test
    void a_run_that_is_stopped_at_every_stage_comes_to_the_same_bits() throws IOException {
        String out = folder.resolve("stopped").toString();
        for (String stage : List.of("teacher: 0", "raptor stage 1", "raptor stage 2", "dynamics of teacher")) {
            CommandRun stopped = CommandRun.stoppingAt(
                    stage,
                    new StopRequest(),
                    "quickstart",
                    "--smoke",
                    "--device",
                    "cpu",
                    "--threads",
                    "1",
                    "--out",
                    out);
            stopped.failedWith(StopRequest.INTERRUPTED, "stopped", "run the same command again");
            assertThat(Path.of(out, "summary.json")).doesNotExist();
        }
        CommandRun.of("quickstart", "--smoke", "--device", "cpu", "--threads", "1", "--out", out)
                .succeeded();
        for (String checkpoint : CHECKPOINTS) {
            assertThat(Files.mismatch(Path.of(out, checkpoint), straight.resolve(checkpoint)))
                    .as("first byte of %s that differs", checkpoint)
                    .isEqualTo(-1);
        }
    }

    @Test
    void its_checkpoints_can_be_analyzed_and_trained_on() {
        String teacher = straight.resolve("teacher.safetensors").toString();
        String raptor = straight.resolve("raptor-k2.safetensors").toString();
        CommandRun analysis = CommandRun.of(
                        "analyze",
                        "--teacher",
                        teacher,
                        "--raptor",
                        raptor,
                        "--images",
                        "100",
                        "--device",
                        "cpu",
                        "--out",
                        folder.resolve("analysis").toString())
                .succeeded();
        assertThat(analysis.out()).contains("raptor k=2");
        CommandRun training = CommandRun.of(
                        "train",
                        "--smoke",
                        "--teacher",
                        teacher,
                        "--phases",
                        "1-3|4-8",
                        "--device",
                        "cpu",
                        "--out",
                        folder.resolve("training").toString())
                .succeeded();
        assertThat(training.out()).contains("phases 1–3 | 4–8");
        assertThat(folder.resolve("training/raptor-k2.safetensors")).isNotEmptyFile();
    }

    @Test
    void the_story_in_forty_lines_comes_to_its_end() {
        Path story = folder.resolve("story");
        QuickStart.tell(
                VitConfig.smoke(),
                TeacherTraining.smoke(),
                RaptorTraining.smoke(),
                ImageSets.open("builtin").first(200, 100),
                story);
        assertThat(MeasureTable.read(story.resolve("measures.csv")).models()).containsExactly("teacher", "raptor");
    }

    @Test
    void a_raptor_of_another_teacher_is_refused() {
        Path other = folder.resolve("other");
        CommandRun.of("train-teacher", "--smoke", "--seed", "5", "--device", "cpu", "--out", other.toString())
                .succeeded();
        CommandRun.of(
                        "analyze",
                        "--teacher",
                        other.resolve("teacher.safetensors").toString(),
                        "--raptor",
                        straight.resolve("raptor-k2.safetensors").toString(),
                        "--device",
                        "cpu",
                        "--out",
                        folder.resolve("refused").toString())
                .failedWith(1, "raptor-k2.safetensors", "another teacher");
    }
}
