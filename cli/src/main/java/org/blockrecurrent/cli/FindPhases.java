package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.blockrecurrent.dynamics.report.Report;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.training.Teacher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor phases}: cuts a teacher's layers into phases. Also a main class. */
@Command(
        name = "phases",
        description = {
            "Measures how unlike the layers of a teacher are, and cuts them into k phases of layers that do alike.",
            "",
            "Three splitters are shown beside each other: bisection (greedy; reproduces the published phases), max-cut (the "
                    + "released algorithm) and dp (the exact contiguous optimum). The score is our own: 0 if a boundary between "
                    + "phases makes no difference, 1 if the layers of a phase are all alike."
        },
        footer = {
            "",
            "Examples:",
            "  raptor phases --teacher runs/teacher/teacher.safetensors",
            "  raptor phases --teacher runs/teacher/teacher.safetensors --k 2,3,4 --out runs/phases",
            "  raptor phases --teacher runs/teacher/teacher.safetensors --activations runs/store"
        })
public final class FindPhases implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private TrajectoryOptions options;

    @Mixin
    private TeacherOption teacherOption;

    @Option(
            names = "--k",
            paramLabel = "N",
            split = ",",
            defaultValue = "2,3",
            description = "Numbers of phases, separated by commas. Default: ${DEFAULT-VALUE}.")
    private List<Integer> ks;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write phases.html, dissimilarity.csv and phases.csv. Default: runs/phases-TIME.")
    private Path out;

    private final Session session;

    FindPhases(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(FindPhases.class, "phases", args);
    }

    @Override
    public Integer call() {
        ChosenTeacher chosen = teacherOption.choose(options.data);
        Trajectories trajectories = options.open(chosen, UnaryOperator.identity());
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("phases"));
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            Teacher teacher = chosen.load(backend);
            directory.configure(
                    "phases",
                    Map.of("data", trajectories.name(), "device", backend.name(), "teacher", chosen.name(), "k", ks),
                    Environment.of(backend.description()));
            DissimilarityMatrix matrix = trajectories.dissimilarity(teacher, backend, progress);
            Splits splits = Splits.of(matrix, ks);
            write(matrix, splits, directory);
            print(matrix, splits, directory);
        }
        trajectories.reportSkipped(session);
        return 0;
    }

    private static void write(DissimilarityMatrix matrix, Splits splits, RunDirectory directory) {
        Dissimilarities.write(matrix, directory.file(Dissimilarities.FILE));
        Csv.write(splits.table(), directory.file(Splits.FILE));
        Report report = new Report("Phases of a teacher's layers");
        report.section("Layer dissimilarity")
                .figure(
                        "How unlike the layers are",
                        PhaseFigures.heatMap(matrix, splits.by(PhaseSplitter.DEFAULT)),
                        "One minus the cosine between the tokens of two layers, averaged over images; outlined are the phases of '"
                                + PhaseSplitter.DEFAULT + "'.")
                .table("Splits", splits.table());
        report.write(directory.file("phases.html"));
    }

    private void print(DissimilarityMatrix matrix, Splits splits, RunDirectory directory) {
        session.say("dissimilarity of neighbouring layers:");
        for (int layer = 1; layer < matrix.layers(); layer++) {
            session.say("  %2d and %2d  %.4f", layer, layer + 1, matrix.between(layer, layer + 1));
        }
        session.say("%-4s %-10s %-24s %s", splits.table().columns().toArray());
        splits.table().rows().forEach(row -> session.say("%-4s %-10s %-24s %s", row.toArray()));
        session.say("look at %s", directory.file("phases.html"));
    }
}
