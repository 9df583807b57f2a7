package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.dynamics.MeasureTable;
import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.RaptorCheckpoint;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor analyze}: compares Raptors with their teacher and measures the dynamics of both. Also a main class. */
@Command(
        name = "analyze",
        description = {
            "Measures a teacher's depth as a dynamical system, and with it the Raptors that were trained to follow it.",
            "",
            "Writes measures.csv and report.html. Every measure stands beside an untrained twin of the teacher, the teacher's "
                    + "layers in shuffled order, and a random walk with the same step lengths."
        },
        footer = {
            "",
            "Examples:",
            "  raptor analyze --teacher runs/teacher/teacher.safetensors",
            "  raptor analyze --teacher runs/q/teacher.safetensors \\",
            "    --raptor runs/q/raptor-k2.safetensors --raptor runs/q/raptor-k3.safetensors"
        })
public final class Analyze implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private TeacherOption teacherOption;

    @Option(
            names = "--raptor",
            paramLabel = "FILE",
            description = "A Raptor's checkpoint, as 'quickstart' and 'train' write it. May be given several times.")
    private List<Path> raptorFiles = new ArrayList<>();

    @Option(names = "--images", paramLabel = "N", description = "Use only the first N test images. Default: all.")
    private Integer limit;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write report.html, measures.csv and config.json. Default: runs/analyze-TIME.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the perturbations and the baselines. Default: ${DEFAULT-VALUE}.")
    private long seed;

    private final Session session;

    Analyze(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Analyze.class, "analyze", args);
    }

    @Override
    public Integer call() {
        ChosenTeacher chosen = teacherOption.choose(data);
        DataSet images = images(chosen);
        raptorFiles.forEach(RaptorCheckpoint::card);
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("analyze"));
                RunClock clock = RunClock.in(directory);
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            Teacher teacher = chosen.load(backend);
            List<TrainedRaptor> raptors = new ArrayList<>();
            raptorFiles.forEach(file -> raptors.add(RaptorCheckpoint.load(file, backend, teacher.model())));
            Environment environment = Environment.of(backend.description());
            directory.configure("analyze", settings(images, backend), environment);

            RaptorResults comparison =
                    new RaptorResults(teacher, backend, images, ProbeTraining.quickStart(), progress);
            List<RaptorResult> results = comparison.of(raptors);
            Batches heldOut = teacher.evaluation(images.test(), TeacherOption.evaluationBatch(teacher.config()));
            MeasureTable measures =
                    new DepthAnalysis(teacher, backend, heldOut, seed, progress).of(QuickStartRun.byLabel(raptors));
            measures.write(directory.file(QuickStartRun.MEASURES));
            Csv.write(comparison.byDepth(results), directory.file(RaptorResults.FILE));

            RunReport report = new RunReport(
                            "Depth as a dynamical system",
                            "Measures of " + chosen.name() + " over "
                                    + images.test().count() + " held-out images of " + data.name + ".")
                    .teacher(teacher);
            if (!results.isEmpty()) {
                report.raptors(results);
            }
            report.dynamics(
                            measures,
                            results.isEmpty()
                                    ? List.of()
                                    : results.get(results.size() - 1).bands())
                    .provenance(settings(images, backend), environment, clock.cost())
                    .write(directory.file(QuickStartRun.REPORT));
            Summary.of(teacher, results, clock.cost()).print(session);
            results.forEach(result -> session.say("%s", result.closeness()));
            session.say("look at %s", directory.file(QuickStartRun.REPORT).toAbsolutePath());
        }
        DataOption.reportSkipped(images, session);
        return 0;
    }

    private DataSet images(ChosenTeacher chosen) {
        DataSet all = data.open(chosen);
        return limit == null ? all : all.first(all.train().count(), limit);
    }

    private Map<String, Object> settings(DataSet images, Backend backend) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", images.name());
        settings.put("images", limit);
        settings.put("seed", seed);
        settings.put("device", backend.name());
        settings.put("teacher", teacherOption.name);
        settings.put("raptors", raptorFiles.stream().map(Path::toString).toList());
        return settings;
    }
}
