package org.blockrecurrent.cli;

import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSet;
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

    /**
     * The model for these images. Its patches are as large as they can be while there are no fewer of them than the quick
     * start has, unless their side is given.
     */
    VitConfig vit(ImageSet images, Integer patchSize) {
        VitConfig plain = smoke ? VitConfig.smoke() : VitConfig.quickStart();
        int patch = patchSize != null ? patchSize : largestPatch(images, plain.gridHeight() * plain.gridWidth());
        return new VitConfig(
                images.channels(),
                images.height(),
                images.width(),
                patch,
                plain.embedDim(),
                plain.layers(),
                plain.heads(),
                plain.mlpDim(),
                plain.mlp(),
                plain.registers(),
                plain.layerScaleInit(),
                plain.normEps(),
                plain.stochasticDepth(),
                images.classes(),
                plain.pooling());
    }

    private static int largestPatch(ImageSet images, int patches) {
        for (int side = Math.min(images.height(), images.width()); side > 1; side--) {
            boolean fits = images.height() % side == 0
                    && images.width() % side == 0
                    && images.height() / side * (images.width() / side) >= patches;
            if (fits) {
                return side;
            }
        }
        return 1;
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
