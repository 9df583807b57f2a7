package org.blockrecurrent.raptor.phases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The splitters against the published phases, the released notebook and exhaustive search. */
class PhaseSplitterTest {
    /** Sums of up to 276 numbers below 2, in another order than the golden ones. */
    private static final double SUM_ROUNDING = 1e-10;

    /** The golden thresholds were searched on a grid of this step: narrower windows were not found. */
    private static final double EPS_GRID = 1e-3;

    @ParameterizedTest
    @CsvSource({
        "bisection, 2, 1–7 | 8–12",
        "bisection, 3, 1–7 | 8–10 | 11–12",
        "bisection, 4, 1–4 | 5–7 | 8–10 | 11–12",
        "max-cut, 2, 1–7 | 8–12",
        "max-cut, 3, 1–7 | 8–10 | 11–12",
        "max-cut, 4, 1–4 | 5–7 | 8–10 | 11–12",
        "dp, 2, 1–7 | 8–12",
        "dp, 3, 1–5 | 6–9 | 10–12",
        "dp, 4, 1–4 | 5–7 | 8–10 | 11–12",
    })
    void dinov2_base_is_split_as_published_but_by_dp_at_three(String splitter, int k, String phases) {
        assertEquals(phases, split(splitter, k).toString());
        assertEquals(Phases.parse(phases), split(splitter, k));
    }

    private static Phases split(String splitter, int k) {
        return PhaseSplitter.named(splitter).split(Segmentations.matrix(Segmentations.DINOV2_B), k);
    }

    @Test
    void the_published_thresholds_give_the_published_phases() {
        DissimilarityMatrix dinov2 = Segmentations.matrix(Segmentations.DINOV2_B);
        JsonObject published = Segmentations.results(Segmentations.DINOV2_B);
        for (String k : List.of("2", "3", "4")) {
            double eps = published.getAsJsonObject("notebook_eps").get(k).getAsDouble();
            Phases phases = (Phases) new MaxCut(2).clusters(dinov2, eps);
            int[] thresholds = phases.thresholds();
            JsonArray expected = published.getAsJsonObject("published").getAsJsonArray(k);
            assertEquals(
                    expected.toString(), java.util.Arrays.toString(thresholds).replace(" ", ""));
        }
    }

    @ParameterizedTest
    @MethodSource("org.blockrecurrent.raptor.phases.Segmentations#names")
    void max_cut_finds_the_clusters_of_the_released_code(String name) {
        DissimilarityMatrix matrix = Segmentations.matrix(name);
        JsonObject byK = Segmentations.results(name).getAsJsonObject("recursive_max_cut");
        for (String k : byK.keySet()) {
            if (byK.get(k).isJsonNull()) {
                assertUnreachableOnTheGrid(matrix, Integer.parseInt(k));
            } else {
                assertClusters(byK.getAsJsonObject(k), matrix, Integer.parseInt(k));
            }
        }
    }

    private static void assertClusters(JsonObject golden, DissimilarityMatrix matrix, int k) {
        LayerAssignment expected = Segmentations.assignment(golden.getAsJsonArray("blocks"), matrix.layers());
        LayerAssignment clusters = new MaxCut(2).clusters(matrix, k);
        assertEquals(expected, clusters);
        assertEquals(
                expected,
                new MaxCut(2).clusters(matrix, golden.get("eps_fraction_min").getAsDouble()));
        assertEquals(
                expected,
                new MaxCut(2).clusters(matrix, golden.get("eps_fraction_max").getAsDouble()));
        assertEquals(golden.get("cut").getAsDouble(), matrix.cut(clusters), SUM_ROUNDING);
        assertEquals(golden.get("contiguous").getAsBoolean(), clusters instanceof Phases);
    }

    /** Either no threshold gives k clusters, or the window of thresholds lies between two points of the golden grid. */
    private static void assertUnreachableOnTheGrid(DissimilarityMatrix matrix, int k) {
        for (int step = 0; step < 1000; step++) {
            assertTrue(new MaxCut(2).clusters(matrix, step * EPS_GRID).blocks() != k, "k = " + k + " at eps " + step);
        }
    }

    @ParameterizedTest
    @MethodSource("org.blockrecurrent.raptor.phases.Segmentations#names")
    void dp_finds_an_optimum_of_exhaustive_search(String name) {
        DissimilarityMatrix matrix = Segmentations.matrix(name);
        JsonObject golden = Segmentations.results(name).getAsJsonObject("contiguous_brute_force");
        for (int minLength = 1; minLength <= 2; minLength++) {
            JsonObject byK = golden.getAsJsonObject("min_length_" + minLength);
            for (String k : byK.keySet()) {
                Phases phases = new DynamicProgramming(minLength).split(matrix, Integer.parseInt(k));
                JsonObject optimum = byK.getAsJsonObject(k).getAsJsonObject("max_cut");
                assertEquals(optimum.get("value").getAsDouble(), matrix.cut(phases), SUM_ROUNDING);
                assertTrue(
                        ends(optimum).contains(java.util.Arrays.toString(phases.thresholds())),
                        phases + " of " + optimum);
            }
        }
    }

    private static List<String> ends(JsonObject optimum) {
        List<String> ends = new ArrayList<>();
        for (JsonElement one : optimum.getAsJsonArray("phase_ends")) {
            ends.add(one.toString().replace(",", ", "));
        }
        return ends;
    }

    @ParameterizedTest
    @MethodSource("org.blockrecurrent.raptor.phases.Segmentations#names")
    void bisection_into_two_is_the_optimum_and_refines_from_there(String name) {
        DissimilarityMatrix matrix = Segmentations.matrix(name);
        for (int minLength = 1; minLength <= 2; minLength++) {
            Phases two = new Bisection(minLength).split(matrix, 2);
            assertEquals(matrix.cut(new DynamicProgramming(minLength).split(matrix, 2)), matrix.cut(two), SUM_ROUNDING);
        }
        for (int k = 3; k <= 5; k++) {
            Phases coarse = new Bisection(1).split(matrix, k - 1);
            Phases finer = new Bisection(1).split(matrix, k);
            assertTrue(thresholds(finer).containsAll(thresholds(coarse)), finer + " does not refine " + coarse);
        }
    }

    private static List<Integer> thresholds(Phases phases) {
        return java.util.Arrays.stream(phases.thresholds()).boxed().toList();
    }

    @Test
    void a_minimum_length_is_kept_by_bisection_and_dp() {
        DissimilarityMatrix dinov2 = Segmentations.matrix(Segmentations.DINOV2_B);
        for (String name : List.of("bisection", "dp")) {
            for (int minLength = 1; minLength <= 4; minLength++) {
                for (int k = 1; k * minLength <= 12; k++) {
                    int least = minLength;
                    Phases phases = PhaseSplitter.named(name, minLength).split(dinov2, k);
                    assertEquals(k, phases.blocks());
                    assertTrue(
                            phases.phases().stream().allMatch(phase -> phase.length() >= least), name + " " + phases);
                }
            }
        }
    }

    @Test
    void scattered_clusters_are_an_error_that_shows_them() {
        DissimilarityMatrix random = Segmentations.matrix("n06_2_random");
        ScatteredClustersException error = assertThrows(
                ScatteredClustersException.class,
                () -> PhaseSplitter.named("max-cut").split(random, 2));
        assertEquals("1,5–6 | 2–4", error.clusters().toString());
        assertTrue(error.getMessage().contains("not contiguous"), error.getMessage());
    }

    @Test
    void what_cannot_be_split_is_refused_with_a_remedy() {
        DissimilarityMatrix dinov2 = Segmentations.matrix(Segmentations.DINOV2_B);
        assertRefused("choose one of bisection, max-cut, dp", () -> PhaseSplitter.named("kmeans"));
        assertRefused(
                "ask for 1 to 12 phases", () -> PhaseSplitter.named("bisection").split(dinov2, 13));
        assertRefused(
                "ask for 1 to 4 phases", () -> PhaseSplitter.named("dp", 3).split(dinov2, 5));
        assertRefused("ask for", () -> PhaseSplitter.named("bisection").split(dinov2, 0));
        assertRefused(
                "no threshold eps gives 11",
                () -> PhaseSplitter.named("max-cut").split(dinov2, 11));
        assertRefused("at most 26 layers", () -> new MaxCut(2).split(new DissimilarityMatrix(new double[27][27]), 2));
    }

    private static void assertRefused(String part, org.junit.jupiter.api.function.Executable call) {
        InvalidInputException error = assertThrows(InvalidInputException.class, call);
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
