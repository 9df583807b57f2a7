package org.blockrecurrent.raptor.phases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The splitters: what is published, and what holds for each. Max-cut and dp are held against golden values by verify. */
class PhaseSplitterTest {
    /** Sums of up to 276 numbers below 2, in another order than the golden ones. */
    private static final double SUM_ROUNDING = 1e-10;

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
