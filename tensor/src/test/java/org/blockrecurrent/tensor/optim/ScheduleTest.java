package org.blockrecurrent.tensor.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of the official code, all exact. */
class ScheduleTest {
    private final JsonObject golden = golden();

    @ParameterizedTest
    @ValueSource(strings = {"short", "no_warmup", "one_warmup"})
    void the_table_and_the_rate_of_each_step_are_the_official_ones(String name) {
        JsonObject recorded = golden.getAsJsonObject("cases").getAsJsonObject(name);
        WarmupCosine schedule = schedule(recorded);
        JsonArray table = recorded.getAsJsonArray("schedule_f32");
        assertThat(table.size()).isEqualTo(schedule.totalSteps());
        for (int i = 0; i < table.size(); i++) {
            assertThat((float) schedule.entry(i))
                    .as("entry " + i)
                    .isEqualTo(table.get(i).getAsFloat());
        }
        JsonArray used = recorded.getAsJsonArray("lr_used_by_step"); // counted from 0
        for (int s = 0; s < used.size(); s++) {
            assertThat(schedule.at(s + 1))
                    .as("step " + (s + 1))
                    .isEqualTo(used.get(s).getAsFloat());
        }
    }

    @Test
    void the_official_schedule_of_312500_steps_is_met_at_all_recorded_points() {
        JsonObject recorded = golden.getAsJsonObject("official");
        WarmupCosine schedule = schedule(recorded);
        JsonArray points = recorded.getAsJsonArray("points");
        for (int i = 0; i < points.size(); i++) {
            float entry = (float) schedule.entry(points.get(i).getAsInt());
            assertThat(entry)
                    .as("entry " + points.get(i))
                    .isEqualTo(recorded.getAsJsonArray("schedule").get(i).getAsFloat());
        }
    }

    @Test
    void teacher_forcing_falls_as_in_the_official_run() {
        JsonObject recorded = golden.getAsJsonObject("teacher_forcing").getAsJsonObject("official");
        TeacherForcingSchedule schedule = teacherForcing(recorded);
        JsonArray steps = recorded.getAsJsonArray("step"); // counted from 0
        for (int i = 0; i < steps.size(); i++) {
            double lambda = recorded.getAsJsonArray("lambda").get(i).getAsDouble();
            assertThat(schedule.at(steps.get(i).getAsInt() + 1))
                    .as("step " + steps.get(i))
                    .isEqualTo(lambda);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "floor"})
    void teacher_forcing_falls_as_in_the_short_runs(String name) {
        JsonObject recorded = golden.getAsJsonObject("teacher_forcing").getAsJsonObject(name);
        TeacherForcingSchedule schedule = teacherForcing(recorded);
        JsonArray lambda = recorded.getAsJsonArray("lambda");
        for (int s = 0; s < lambda.size(); s++) {
            assertThat(schedule.at(s + 1))
                    .as("step " + (s + 1))
                    .isEqualTo(lambda.get(s).getAsDouble());
        }
    }

    @Test
    void without_teacher_forcing_the_share_is_zero_from_the_first_step() {
        assertThat(TeacherForcingSchedule.none().at(1)).isZero();
    }

    @Test
    void warm_up_over_all_steps_ends_at_the_final_value() {
        WarmupCosine schedule = new WarmupCosine(1, 0.5, 3, 3);
        assertThat(schedule.at(1)).isEqualTo(0.5f);
        assertThat(schedule.at(2)).isEqualTo(1);
        assertThat(schedule.at(3)).isEqualTo(0.5f);
    }

    @Test
    void step_zero_and_impossible_settings_are_refused() {
        assertThatThrownBy(() -> new WarmupCosine(1, 0, 10, 0).at(0)).hasMessageContaining("count from 1");
        assertThatThrownBy(() -> new TeacherForcingSchedule(1, 0).at(0)).hasMessageContaining("count from 1");
        assertThatThrownBy(() -> new WarmupCosine(1, 0, 10, 11)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new WarmupCosine(Double.NaN, 0, 10, 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new WarmupCosine(1, -1, 10, 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new TeacherForcingSchedule(-1, 0)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new TeacherForcingSchedule(1, 1.5)).isInstanceOf(InvalidInputException.class);
    }

    private static WarmupCosine schedule(JsonObject recorded) {
        return new WarmupCosine(
                recorded.get("lr").getAsDouble(),
                recorded.get("final").getAsDouble(),
                recorded.get("total").getAsInt(),
                recorded.get("warmup").getAsInt());
    }

    private static TeacherForcingSchedule teacherForcing(JsonObject recorded) {
        TeacherForcingSchedule schedule = TeacherForcingSchedule.overShare(
                recorded.get("max_steps").getAsInt(),
                recorded.get("tf_anneal_ratio").getAsDouble(),
                recorded.get("tf_min_ratio").getAsDouble());
        assertThat(schedule.annealSteps()).isEqualTo(recorded.get("anneal_max").getAsInt());
        return schedule;
    }

    private static JsonObject golden() {
        try {
            Path file = Path.of(ScheduleTest.class
                    .getResource("/golden/schedule/schedule.json")
                    .toURI());
            return Json.tree(file).getAsJsonObject();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
