package org.blockrecurrent.raptor.controls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.raptor.controls.LayerReplacement.Donor;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlsTest {
    private static final double ROUNDING = 1e-12;

    private final Backend backend = VectorBackend.open(1);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void every_control_is_measured_for_every_seed() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        RaptorTraining training = RaptorTraining.smoke().withBatchSize(8);
        ControlSettings settings = new ControlSettings(List.of(0L, 1L), List.of(2), 16, 20, 3, training);
        DataSet data = ImageSets.open("builtin");
        List<String> progress = new ArrayList<>();
        ControlTable table =
                new Controls(backend, teacher, data, settings, folder, TrainingListener.NONE).run(progress::add);
        Map<String, Integer> counts = new LinkedHashMap<>();
        table.rows().forEach(row -> counts.merge(row.control(), 1, Integer::sum));
        assertEquals(1, counts.get("identity"));
        for (String control : List.of("found phases", "random contiguous", "shuffled layers", "untrained teacher")) {
            assertEquals(2, counts.get(control), control);
        }
        assertEquals(2 * 3, counts.get("replaced inside, 1"));
        assertEquals(counts.get("replaced inside, 1"), counts.get("replaced across, 1"));
        assertEquals(table.rows().size() + 1, table.csv().split("\n").length);
        assertEquals(counts.size() + 1, table.summary().split("\n").length);
        assertEquals(1 + 2 * 3, progress.size());
    }

    @Test
    void the_identity_leaves_the_embedding_as_the_last_state() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        IdentityMap identity = new IdentityMap(4, TinyTeacher.config().layout());
        var x = teacher.model()
                .embed(teacher.evaluation(TinyTeacher.images(4), 4)
                        .at(backend, 0)
                        .images());
        org.junit.jupiter.api.Assertions.assertArrayEquals(
                x.toArray(), identity.step(x, 3).toArray());
    }

    @Test
    void layers_are_replaced_from_the_side_that_was_asked_for() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        Phases phases = Phases.endingAt(2, 4);
        for (long seed = 0; seed < 20; seed++) {
            String inside = LayerReplacement.draw(teacher.model(), phases, 1, Donor.INSIDE_PHASE, seed)
                    .toString();
            String across = LayerReplacement.draw(teacher.model(), phases, 1, Donor.OTHER_PHASE, seed)
                    .toString();
            assertTrue(List.of("{1=2}", "{2=1}", "{3=4}", "{4=3}").contains(inside), inside);
            assertEquals(inside.charAt(1), across.charAt(1), "the same layer is replaced either way");
            assertTrue((across.charAt(1) <= '2') == (across.charAt(3) >= '3'), across);
        }
        assertNotNull(LayerReplacement.draw(teacher.model(), phases, 4, Donor.OTHER_PHASE, 1));
        Phases single = Phases.endingAt(1, 4);
        assertNull(
                LayerReplacement.draw(teacher.model(), single, 4, Donor.INSIDE_PHASE, 1),
                "layer 1 has no donor inside");
    }

    @Test
    void an_interval_of_three_samples_is_students() {
        Interval interval = Interval.of(1, 2, 3);
        assertEquals(2, interval.mean(), ROUNDING);
        assertEquals(4.303 / Math.sqrt(3), interval.halfWidth(), ROUNDING);
        assertEquals("2.000 ± 2.484", interval.toString());
        assertEquals("5.000", Interval.of(5).toString());
    }
}
