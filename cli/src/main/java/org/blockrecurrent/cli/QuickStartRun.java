package org.blockrecurrent.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.RaptorTrainer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.nn.Retention;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTraining;

/** The steps of the quick start. What is finished in the run's folder is not done again. */
final class QuickStartRun {
    static final String REPORT = "report.html";
    static final String MEASURES = "measures.csv";
    private static final List<Integer> KS = List.of(2, 3);

    private final Backend backend;
    private final DataSet images;
    private final RunDirectory directory;
    private final RunClock clock;
    private final Progress progress;

    /** What is trained, and how. */
    record Plan(
            VitConfig vit,
            TeacherTraining teacherTraining,
            RaptorConfig raptor,
            RaptorTraining raptorTraining,
            ProbeTraining probing) {}

    QuickStartRun(Backend backend, DataSet images, RunDirectory directory, RunClock clock, Progress progress) {
        this.backend = backend;
        this.images = images;
        this.directory = directory;
        this.clock = clock;
        this.progress = progress;
    }

    /** Goes all the way; {@code settings} and {@code environment} are for the report. */
    Summary run(Plan plan, Map<String, ?> settings, Environment environment) {
        Teacher teacher = Teachers.trainOrLoad(
                backend, plan.vit, plan.teacherTraining, images, Retention.EVERYTHING, directory, progress);
        Batches heldOut = teacher.evaluation(images.test(), TeacherOption.evaluationBatch(teacher.config()));

        DissimilarityMatrix matrix = Dissimilarities.of(teacher, backend, heldOut, progress);
        Splits splits = Splits.of(matrix, KS);
        Map<Integer, Phases> phases = splits.by(PhaseSplitter.DEFAULT);
        Dissimilarities.write(matrix, directory.file(Dissimilarities.FILE));
        Csv.write(splits.table(), directory.file(Splits.FILE));

        List<TrainedRaptor> raptors = new RaptorTrainer(
                        backend, teacher, images.train(), plan.raptor, plan.raptorTraining)
                .train(List.copyOf(phases.values()), directory.path(), progress);
        RaptorResults comparison = new RaptorResults(teacher, backend, images, plan.probing, progress);
        List<RaptorResult> results = comparison.of(raptors);

        MeasureTable measures = new DepthAnalysis(teacher, backend, heldOut, plan.teacherTraining.seed(), progress)
                .of(byLabel(raptors));
        measures.write(directory.file(MEASURES));
        Csv.write(comparison.byDepth(results), directory.file(RaptorResults.FILE));

        RunClock.Cost cost = clock.cost();
        new RunReport(
                        "A small Vision Transformer, rewritten with a few recurrent blocks",
                        "A teacher was trained, its layers were cut into phases, and each phase was replaced by one block applied "
                                + "again and again. Everything here was computed by one command, raptor quickstart.")
                .teacher(teacher)
                .phases(matrix, phases, splits.table())
                .raptors(results)
                .dynamics(measures, results.get(results.size() - 1).bands())
                .provenance(settings, environment, cost)
                .write(directory.file(REPORT));
        Summary summary = Summary.of(teacher, results, cost);
        Json.write(directory.file(Summary.FILE), summary);
        return summary;
    }

    static Map<String, Raptor> byLabel(List<TrainedRaptor> raptors) {
        Map<String, Raptor> byLabel = new LinkedHashMap<>();
        raptors.forEach(trained -> byLabel.put(RaptorResult.label(trained.k()), trained.raptor()));
        return byLabel;
    }
}
