package org.blockrecurrent.raptor.phases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class PhasesTest {
    @Test
    void phases_know_their_ends_and_whose_layer_is_which() {
        Phases phases = Phases.endingAt(7, 10, 12);
        assertEquals("1–7 | 8–10 | 11–12", phases.toString());
        assertArrayEquals(new int[] {7, 10, 12}, phases.ends());
        assertArrayEquals(new int[] {7, 10}, phases.thresholds());
        assertArrayEquals(new int[] {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2}, phases.toArray());
        assertEquals(List.of(new Phase(8, 10)), phases.runsOf(1));
        assertThrows(IllegalArgumentException.class, () -> phases.blockOf(13));
        assertThrows(IllegalArgumentException.class, () -> phases.blockOf(0));
    }

    @Test
    void phases_are_read_from_text_in_every_form_that_is_written() {
        for (String text : List.of("1–7 | 8–12", "1-7|8-12", "7,12", " 7 , 12 ")) {
            assertEquals(Phases.endingAt(7, 12), Phases.parse(text), text);
        }
        InvalidInputException error = assertThrows(InvalidInputException.class, () -> Phases.parse("seven"));
        assertTrue(error.getMessage().contains("1-4|5-8"), error.getMessage());
        assertThrows(InvalidInputException.class, () -> Phases.parse("7,5"));
    }

    @Test
    void phases_with_a_gap_are_refused() {
        assertThrows(InvalidInputException.class, () -> new Phases(List.of(new Phase(1, 2), new Phase(4, 5))));
        assertThrows(InvalidInputException.class, () -> new Phases(List.of()));
        assertThrows(InvalidInputException.class, () -> new Phase(3, 2));
    }

    @Test
    void an_assignment_is_phases_exactly_if_its_blocks_stand_in_order_of_depth() {
        assertEquals(Phases.endingAt(2, 5), LayerAssignment.of(0, 0, 1, 1, 1));
        LayerAssignment scattered = LayerAssignment.of(0, 1, 1, 0, 0);
        assertInstanceOf(ScatteredLayers.class, scattered);
        assertEquals("1,4–5 | 2–3", scattered.toString());
        assertEquals(List.of(new Phase(1, 1), new Phase(4, 5)), scattered.runsOf(0));
        assertThrows(InvalidInputException.class, () -> LayerAssignment.of(0, 2, 2));
        assertThrows(InvalidInputException.class, () -> LayerAssignment.of());
    }

    @Test
    void random_phases_have_the_asked_number_and_minimum_length_and_reach_every_partition() {
        Set<Phases> seen = new HashSet<>();
        for (long seed = 0; seed < 400; seed++) {
            Phases phases = RandomPartition.contiguous(8, 3, 2, seed);
            assertEquals(3, phases.blocks());
            assertEquals(8, phases.layers());
            assertTrue(phases.phases().stream().allMatch(phase -> phase.length() >= 2), phases.toString());
            seen.add(phases);
        }
        assertEquals(6, seen.size()); // C(8 − 3·1 − 1, 2)
        assertEquals(RandomPartition.contiguous(8, 3, 2, 5), RandomPartition.contiguous(8, 3, 2, 5));
    }

    @Test
    void a_shuffle_keeps_the_sizes_of_the_blocks_but_not_their_neighbourhood() {
        Phases phases = Phases.endingAt(4, 6, 8);
        Set<LayerAssignment> seen = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            LayerAssignment shuffled = RandomPartition.shuffled(phases, seed);
            assertInstanceOf(ScatteredLayers.class, shuffled);
            assertEquals(List.of(2, 2, 4), sizes(shuffled));
            seen.add(shuffled);
        }
        assertTrue(seen.size() > 10, "only " + seen.size() + " different shuffles");
        assertEquals(RandomPartition.shuffled(phases, 3), RandomPartition.shuffled(phases, 3));
        assertNotEquals(RandomPartition.shuffled(phases, 3), RandomPartition.shuffled(phases, 4));
    }

    private static List<Integer> sizes(LayerAssignment assignment) {
        return java.util.stream.IntStream.range(0, assignment.blocks())
                .mapToObj(block -> assignment.layersOf(block).length)
                .sorted()
                .toList();
    }

    @Test
    void the_structure_score_is_one_for_alike_layers_zero_for_drift_and_undefined_for_one_phase() {
        Phases phases = Phases.endingAt(3, 6);
        assertEquals(
                1,
                PhaseStructure.of(matrix(6, (i, j) -> (i < 3) == (j < 3) ? 0 : 1), phases)
                        .score());
        PhaseStructure drift = PhaseStructure.of(matrix(6, (i, j) -> Math.abs(i - j)), phases);
        assertEquals(0, drift.score(), 1e-15);
        assertTrue(drift.meanBetween() > drift.meanWithin());
        assertTrue(Double.isNaN(PhaseStructure.of(matrix(6, (i, j) -> Math.abs(i - j)), Phases.endingAt(6))
                .score()));
    }

    private interface Entry {
        double of(int i, int j);
    }

    private static DissimilarityMatrix matrix(int n, Entry entry) {
        double[][] values = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                values[i][j] = entry.of(i, j);
            }
        }
        return new DissimilarityMatrix(values);
    }

    @Test
    void a_matrix_that_is_not_symmetric_is_refused() {
        assertThrows(InvalidInputException.class, () -> new DissimilarityMatrix(new double[][] {{0, 1}, {2, 0}}));
        assertThrows(InvalidInputException.class, () -> new DissimilarityMatrix(new double[][] {{0, 1}}));
        assertThrows(
                InvalidInputException.class,
                () -> new DissimilarityMatrix(new double[][] {{0, Double.NaN}, {Double.NaN, 0}}));
    }
}
