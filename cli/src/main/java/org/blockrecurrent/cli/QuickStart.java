package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.dynamics.Analysis;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.LayerDissimilarity;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.training.RaptorTrainer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.vit.TrajectoryStream;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTrainer;
import org.blockrecurrent.vit.training.TeacherTraining;
import org.blockrecurrent.vit.training.TrainingListener;

/**
 * The whole story: image → tokens → trajectory → phases → surrogate → measures. Takes some minutes; what it writes is in
 * the folder {@code story}. {@code raptor quickstart} goes the same way with progress, evaluation and a report.
 */
public final class QuickStart {
    private QuickStart() {}

    public static void main(String[] args) {
        Launcher.run(QuickStart.class, args, () -> {
            tell(
                    VitConfig.quickStart(),
                    TeacherTraining.quickStart(),
                    RaptorTraining.quickStart(),
                    ImageSets.open("builtin"),
                    Path.of("story"));
            return 0;
        });
    }

    static void tell(VitConfig config, TeacherTraining study, RaptorTraining imitation, DataSet images, Path folder) {
        try (Backend backend = VectorBackend.open()) {
            // A Vision Transformer learns to classify images. It is the teacher, and frozen from here on.
            Teacher teacher = new TeacherTrainer(backend, config, study, images).train(folder, TrainingListener.NONE);
            VisionTransformer vit = teacher.model();
            Batches heldOut = teacher.evaluation(images.test(), 100);

            // An image becomes tokens, and tokens a trajectory: the states x₀ … x_L, one after every layer.
            LayerDissimilarity dissimilarity = new LayerDissimilarity();
            TrajectoryStream.forEach(vit, vit, backend, heldOut, (states, labels) -> dissimilarity.accept(states));

            // Layers that do alike form phases.
            Phases phases = PhaseSplitter.named("bisection").split(dissimilarity.result(), 3);
            System.out.println("phases: " + phases);

            // The surrogate has one block for each phase, applied again and again, and learns to follow the trajectory.
            Raptor raptor = new RaptorTrainer(
                            backend, teacher, images.train(), RaptorConfig.quickStart(config), imitation)
                    .train(List.of(phases), folder, TrainingListener.NONE)
                    .get(0)
                    .raptor();

            // Depth as a dynamical system: the same measures of the teacher and of its surrogate.
            Analysis ofTeacher = new Analysis("teacher", Analysis.ofTrajectories());
            Analysis ofRaptor = new Analysis("raptor", Analysis.ofTrajectories());
            TrajectoryStream.forEach(vit, vit, backend, heldOut, ofTeacher::accept);
            TrajectoryStream.forEach(vit, raptor, backend, heldOut, ofRaptor::accept);
            ofTeacher.result().plus(ofRaptor.result()).write(folder.resolve("measures.csv"));
        }
    }
}
