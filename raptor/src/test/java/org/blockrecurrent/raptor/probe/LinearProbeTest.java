package org.blockrecurrent.raptor.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.blockrecurrent.raptor.training.TinyTeacher;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.random.Philox;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.training.Evaluation;
import org.blockrecurrent.vit.training.Teacher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinearProbeTest {
    private final Backend backend = VectorBackend.open(1);

    @AfterEach
    void close() {
        backend.close();
    }

    /** Two classes, apart along the first of four channels. */
    private static Features separable(int images) {
        Philox random = Philox.stream(3, "features");
        float[] values = new float[images * 4];
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = i % 2;
            for (int d = 0; d < 4; d++) {
                values[i * 4 + d] = (float) (0.3 * random.normal(i * 4L + d) + (d == 0 ? 2 * labels[i] - 1 : 0));
            }
        }
        return new Features(values, labels, 4, 2);
    }

    @Test
    void a_fresh_probe_learns_what_is_linearly_separable() {
        Features features = separable(200);
        ProbeTraining training = new ProbeTraining(20, 32, 5, 0.05, 1e-4, 1e-2f, 1, 1);
        LinearProbe probe = LinearProbe.fresh(backend, 4, 2, 1).train(features, training);
        assertTrue(probe.accuracy(features) > 0.97, "accuracy " + probe.accuracy(features));
    }

    @Test
    void a_probe_that_starts_from_the_head_begins_with_the_teachers_accuracy() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        var batches = teacher.evaluation(TinyTeacher.images(70), 32);
        Features features = Features.of(teacher.model(), teacher.model(), Pooling.CLS, backend, batches);
        assertEquals(70, features.count());
        double own = Evaluation.of(teacher.model(), backend, batches).accuracy();
        assertEquals(own, LinearProbe.fromHead(backend, teacher.model()).accuracy(features));
    }

    @Test
    void training_a_probe_leaves_the_teachers_head_alone() {
        Teacher teacher = TinyTeacher.of(backend, 1);
        var batches = teacher.evaluation(TinyTeacher.images(70), 32);
        Features features = Features.of(teacher.model(), teacher.model(), Pooling.CLS, backend, batches);
        float[] before = teacher.model().parameters().get("head.weight").value().toArray();
        LinearProbe.fromHead(backend, teacher.model()).train(features, ProbeTraining.smoke());
        assertArrayEquals(
                before, teacher.model().parameters().get("head.weight").value().toArray());
    }

    @Test
    void features_of_another_width_are_refused() {
        LinearProbe probe = LinearProbe.fresh(backend, 5, 2, 1);
        assertThrows(InvalidInputException.class, () -> probe.accuracy(separable(4)));
    }
}
