package org.blockrecurrent.raptor.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.Divisions;
import org.blockrecurrent.raptor.phases.DynamicProgramming;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.MaxCut;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.vit.verify.Check;

/** Phases: the released max-cut and exhaustive search on matrices of dissimilarities, and these from activations. */
final class SegmentationVerification {
    static final String RESULTS = "results.json";

    /** Sums of up to 276 numbers below 2, in another order than the golden ones. */
    private static final double SUM_ROUNDING = 1e-10;
    /** The golden thresholds were searched on a grid of this step. */
    private static final double EPS_GRID = 1e-3;

    private static final int GRID_POINTS = 1000;

    private final Path folder;
    private final Checks checks = new Checks();

    private SegmentationVerification(Path folder) {
        this.folder = folder;
    }

    static List<Check> of(Path folder, Backend backend) {
        SegmentationVerification verification = new SegmentationVerification(folder);
        GoldenJson results = GoldenJson.read(folder.resolve(RESULTS));
        results.keys().forEach(name -> verification.matrix(name, results.at(name)));
        if (Files.exists(folder.resolve(SimilarityCase.NAME + ".safetensors"))) {
            SimilarityCase.verify(new Case(SimilarityCase.NAME, folder, backend, 1, verification.checks));
        }
        return verification.checks.all();
    }

    private void matrix(String name, GoldenJson golden) {
        DissimilarityMatrix matrix = read(name);
        checks.within(name + ", layers", matrix.layers(), golden.at("n").number(), 0);
        checks.within(
                name + ", total weight",
                matrix.totalWeight(),
                golden.at("total_weight").number(),
                SUM_ROUNDING);
        Divisions divisions = new MaxCut(MaxCut.PUBLISHED_MIN_SIZE).divisions(matrix);
        GoldenJson clusters = golden.at("recursive_max_cut");
        for (String k : clusters.keys()) {
            if (clusters.isNull(k)) {
                unreachable(name + ", max-cut k=" + k, divisions.thresholds(), Integer.parseInt(k));
            } else {
                clusters(name + ", max-cut k=" + k, clusters.at(k), matrix, divisions, Integer.parseInt(k));
            }
        }
        GoldenJson contiguous = golden.at("contiguous_brute_force");
        for (String least : contiguous.keys()) {
            contiguous(
                    name + ", " + least, contiguous.at(least), matrix, Integer.parseInt(least.replaceAll("\\D", "")));
        }
        if (golden.has("published")) {
            published(name, golden, divisions);
        }
    }

    private void clusters(String name, GoldenJson golden, DissimilarityMatrix matrix, Divisions divisions, int k) {
        LayerAssignment expected = assignment(golden.at("blocks").list(), matrix.layers());
        LayerAssignment clusters = divisions.clusters(k);
        checks.holds(name + ", blocks", clusters.equals(expected));
        checks.within(name + ", cut", matrix.cut(clusters), golden.at("cut").number(), SUM_ROUNDING);
        double fraction = matrix.cut(clusters) / matrix.totalWeight();
        checks.within(
                name + ", fraction of the weight",
                fraction,
                golden.at("cut_fraction").number(),
                SUM_ROUNDING);
        checks.holds(name + ", contiguous", golden.at("contiguous").flag() == clusters instanceof Phases);
        double[] thresholds = divisions.thresholds();
        double least = golden.at("eps_fraction_min").number();
        double most = golden.at("eps_fraction_max").number();
        checks.within(name + ", clusters at the largest eps", count(thresholds, most), k, 0);
        checks.within(name + ", clusters at the smallest eps", count(thresholds, least), k, 0);
        checks.holds(name + ", above the largest eps", most + EPS_GRID >= 1 || count(thresholds, most + EPS_GRID) != k);
        checks.holds(name + ", below the smallest eps", least <= 0 || count(thresholds, least - EPS_GRID) != k);
    }

    /** Either no threshold gives k clusters, or the window of thresholds lies between two points of the golden grid. */
    private void unreachable(String name, double[] thresholds, int k) {
        boolean none = true;
        for (int step = 0; step < GRID_POINTS; step++) {
            none &= count(thresholds, step * EPS_GRID) != k;
        }
        checks.holds(name + ", not reached", none);
    }

    private static int count(double[] thresholds, double eps) {
        return 1
                + (int) Arrays.stream(thresholds)
                        .filter(threshold -> threshold > eps)
                        .count();
    }

    private void contiguous(String name, GoldenJson golden, DissimilarityMatrix matrix, int minLength) {
        ContiguousSplits splits = new ContiguousSplits(matrix, minLength);
        for (String k : golden.keys()) {
            for (String objective : golden.at(k).keys()) {
                GoldenJson want = golden.at(k).at(objective);
                ContiguousSplits.Best best = splits.best(
                        ContiguousSplits.Objective.valueOf(objective.toUpperCase(Locale.ROOT)), Integer.parseInt(k));
                String what = name + ", k=" + k + ", " + objective;
                checks.within(what, best.value(), want.at("value").number(), SUM_ROUNDING);
                checks.same(what + ", optima", best.ends(), ends(want));
            }
            Phases phases = new DynamicProgramming(minLength).split(matrix, Integer.parseInt(k));
            GoldenJson optimum = golden.at(k).at("max_cut");
            String what = name + ", k=" + k + ", dynamic programming";
            checks.within(what, matrix.cut(phases), optimum.at("value").number(), SUM_ROUNDING);
            checks.holds(what + ", is an optimum", ends(optimum).contains(Arrays.toString(phases.thresholds())));
        }
    }

    private static List<String> ends(GoldenJson optimum) {
        return optimum.at("phase_ends").list().stream()
                .map(ends -> Arrays.toString(ends.integers()))
                .toList();
    }

    private void published(String name, GoldenJson golden, Divisions divisions) {
        for (String k : golden.at("published").keys()) {
            double eps = golden.at("notebook_eps").at(k).number();
            LayerAssignment clusters = divisions.clusters(eps);
            int[] want = golden.at("published").at(k).integers();
            boolean same = clusters instanceof Phases phases && Arrays.equals(phases.thresholds(), want);
            checks.holds(name + ", published phases, k=" + k, same);
        }
    }

    /** [[1, 2], [3, 4]] as an assignment, blocks in order of their first layers: the official order is another. */
    private static LayerAssignment assignment(List<GoldenJson> clusters, int layers) {
        List<int[]> sorted =
                new ArrayList<>(clusters.stream().map(GoldenJson::integers).toList());
        sorted.sort((a, b) -> Integer.compare(a[0], b[0]));
        int[] blocks = new int[layers];
        for (int block = 0; block < sorted.size(); block++) {
            for (int layer : sorted.get(block)) {
                blocks[layer - 1] = block;
            }
        }
        return LayerAssignment.of(blocks);
    }

    /** {@code NAME.csv}, beside the results or in {@code matrices}. */
    private DissimilarityMatrix read(String name) {
        Path beside = folder.resolve(name + ".csv");
        Path file = Files.exists(beside) ? beside : folder.resolve("matrices").resolve(name + ".csv");
        try {
            return new DissimilarityMatrix(Files.readAllLines(file).stream()
                    .map(line -> Arrays.stream(line.split(","))
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new));
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(file + ": is no table of numbers: " + e.getMessage(), e);
        }
    }
}
