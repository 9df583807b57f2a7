package org.blockrecurrent.raptor.controls;

import java.util.List;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.training.TeacherTraining;

/**
 * The sizes of a run of the controls.
 *
 * @param seeds one training of every control for each
 * @param ks numbers of blocks
 * @param trainImages first images of the training set
 * @param testImages first images of the test set
 * @param replacementDraws random draws of replaced layers for each seed and number
 * @param training of every Raptor; its seed is replaced
 */
public record ControlSettings(
        List<Long> seeds,
        List<Integer> ks,
        int trainImages,
        int testImages,
        int replacementDraws,
        RaptorTraining training) {

    /** Three seeds, k = 3, half of the built-in images, half of the quick start's passes. */
    public static ControlSettings standard() {
        return new ControlSettings(
                List.of(0L, 1L, 2L),
                List.of(3),
                5_000,
                2_000,
                10,
                RaptorTraining.quickStart().withEpochs(3, 4));
    }

    /** A minute: every path is walked. */
    public static ControlSettings smoke() {
        return new ControlSettings(List.of(0L, 1L), List.of(2), 200, 100, 2, RaptorTraining.smoke());
    }

    static VitConfig teacher(boolean smoke) {
        return smoke ? VitConfig.smoke() : VitConfig.quickStart();
    }

    static TeacherTraining teacherTraining(boolean smoke) {
        return smoke ? TeacherTraining.smoke() : TeacherTraining.quickStart();
    }

    static RaptorConfig raptor(VitConfig teacher) {
        return RaptorConfig.quickStart(teacher);
    }
}
