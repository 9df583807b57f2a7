package org.blockrecurrent.cli;

import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.TeacherTraining;
import picocli.CommandLine.Option;

/** The full run, or a tiny one that walks every path within a minute. */
final class SizeOption {
    private static final int SMOKE_TRAIN_IMAGES = 600;
    private static final int SMOKE_TEST_IMAGES = 200;

    @Option(
            names = "--smoke",
            description =
                    "Only try out that everything works: a narrow model, 600 images, one epoch, under a minute. Nothing is "
                            + "learned well.")
    boolean smoke;

    VitConfig vit() {
        return smoke ? VitConfig.smoke() : VitConfig.quickStart();
    }

    TeacherTraining teacherTraining() {
        return smoke ? TeacherTraining.smoke() : TeacherTraining.quickStart();
    }

    RaptorTraining raptorTraining() {
        return smoke ? RaptorTraining.smoke() : RaptorTraining.quickStart();
    }

    ProbeTraining probeTraining() {
        return smoke ? ProbeTraining.smoke() : ProbeTraining.quickStart();
    }

    DataSet of(DataSet all) {
        return smoke
                ? all.first(
                        Math.min(SMOKE_TRAIN_IMAGES, all.train().count()),
                        Math.min(SMOKE_TEST_IMAGES, all.test().count()))
                : all;
    }
}
