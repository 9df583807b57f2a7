package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.dynamics.report.Report;
import org.blockrecurrent.dynamics.report.Section;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.PhaseStructure;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.VitCheckpoint;
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
      "  raptor phases --teacher runs/teacher/teacher.safetensors --k 2,3,4 --out runs/phases"
    })
public final class FindPhases implements Callable<Integer> {
  @Mixin
  private RunOptions run;

  @Mixin
  private DataOption data;

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

  /** What a splitter makes of the layers; {@code phases} is null where it has no such partition. */
  private record Split(int k, String splitter, Phases phases, double score, String problem) {
    List<String> cells() {
      return List.of(
          Integer.toString(k), splitter, phases == null ? problem : phases.toString(),
          phases == null ? "" : Format.decimals(score, 3));
    }
  }

  public static void main(String[] args) {
    Main.main(FindPhases.class, "phases", args);
  }

  @Override
  public Integer call() {
    DataSet images = data.open();
    try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("phases"));
        Backend backend = Devices.open(run.device, run.threads(), session);
        Progress progress = new Progress(session)) {
      Teacher teacher = VitCheckpoint.load(teacherOption.file, backend);
      directory.configure(
          "phases",
          Map.of("data", data.name, "device", backend.name(), "teacher", teacherOption.file.toString(), "k", ks),
          Environment.of(backend.description()));
      DissimilarityMatrix matrix = Dissimilarities.of(
          teacher, backend, teacher.evaluation(images.test(), TeacherOption.EVALUATION_BATCH), progress);
      List<Split> splits = ks.stream()
          .flatMap(k -> PhaseSplitter.NAMES.stream().map(name -> split(matrix, name, k)))
          .toList();
      write(matrix, splits, directory);
      print(matrix, splits, directory);
    }
    return 0;
  }

  private static Split split(DissimilarityMatrix matrix, String splitter, int k) {
    try {
      Phases phases = PhaseSplitter.named(splitter).split(matrix, k);
      return new Split(k, splitter, phases, PhaseStructure.of(matrix, phases).score(), "");
    } catch (InvalidInputException e) {
      return new Split(k, splitter, null, Double.NaN, e.getMessage());
    }
  }

  private static void write(DissimilarityMatrix matrix, List<Split> splits, RunDirectory directory) {
    Dissimilarities.write(matrix, directory.file(Dissimilarities.FILE));
    Map<Integer, Phases> shown = new LinkedHashMap<>();
    for (Split split : splits) {
      if (split.phases != null && split.splitter.equals(PhaseSplitter.DEFAULT)) {
        shown.put(split.k, split.phases);
      }
    }
    Table table = new Table(List.of("k", "splitter", "phases", "score"), splits.stream().map(Split::cells).toList());
    Csv.write(table, directory.file("phases.csv"));
    Report report = new Report("Phases of a teacher's layers");
    Section section = report.section("Layer dissimilarity");
    section.figure("How unlike the layers are", PhaseFigures.heatMap(matrix, shown),
        "One minus the cosine between the tokens of two layers, averaged over images; outlined are the phases of '"
            + PhaseSplitter.DEFAULT + "'.");
    section.table("Splits", table);
    report.write(directory.file("phases.html"));
  }

  private void print(DissimilarityMatrix matrix, List<Split> splits, RunDirectory directory) {
    session.say("dissimilarity of neighbouring layers:");
    for (int layer = 1; layer < matrix.layers(); layer++) {
      session.say("  %2d and %2d  %.4f", layer, layer + 1, matrix.between(layer, layer + 1));
    }
    session.say("%-4s %-10s %-24s %s", "k", "splitter", "phases", "score");
    for (Split split : splits) {
      List<String> cells = split.cells();
      session.say("%-4s %-10s %-24s %s", cells.get(0), cells.get(1), cells.get(2), cells.get(3));
    }
    session.say("look at %s", directory.file("phases.html"));
  }
}
