package org.blockrecurrent.raptor.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NearestNeighborsTest {
    private Backend backend;

    @BeforeEach
    void open() {
        backend = new ReferenceBackend();
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void lengths_do_not_count_only_directions() {
        Features known = new Features(new float[] {100, 1, 0.01f, 1}, new int[] {0, 1}, 2, 2);
        Features asked = new Features(new float[] {1, 0, 0, 50, 3, 3.3f}, new int[] {0, 1, 1}, 2, 2);
        assertEquals(1, new NearestNeighbors(backend, known, 1).accuracy(asked));
    }

    @Test
    void a_near_neighbor_outvotes_two_far_ones() {
        // Cosines 1, 0.6 and 0.6: e^0 against 2 e^(-0.4 / 0.07).
        Features known = new Features(new float[] {1, 0, 0.6f, 0.8f, 0.6f, -0.8f}, new int[] {2, 0, 0}, 2, 3);
        Features asked = new Features(new float[] {5, 0}, new int[] {2}, 2, 3);
        assertEquals(1, new NearestNeighbors(backend, known, 3).accuracy(asked));
    }

    @Test
    void two_neighbors_outvote_one_that_is_hardly_nearer() {
        Features known = new Features(new float[] {1, 0, 0.99f, 0.1f, 0.99f, -0.1f}, new int[] {1, 0, 0}, 2, 2);
        Features asked = new Features(new float[] {1, 0}, new int[] {0}, 2, 2);
        assertEquals(1, new NearestNeighbors(backend, known, 3).accuracy(asked));
        assertEquals(0, new NearestNeighbors(backend, known, 1).accuracy(asked));
    }

    @Test
    void more_neighbors_than_images_are_all_images() {
        Features known = new Features(new float[] {1, 0}, new int[] {0}, 2, 2);
        assertEquals(
                0.5,
                new NearestNeighbors(backend, known, 20)
                        .accuracy(new Features(new float[] {1, 1, -1, 0}, new int[] {0, 1}, 2, 2)));
    }

    @Test
    void what_does_not_fit_is_refused() {
        Features known = new Features(new float[] {1, 0}, new int[] {0}, 2, 2);
        assertThrows(InvalidInputException.class, () -> new NearestNeighbors(backend, known, 0));
        NearestNeighbors neighbors = new NearestNeighbors(backend, known, 1);
        Features wider = new Features(new float[] {1, 0, 0}, new int[] {0}, 3, 2);
        assertThrows(InvalidInputException.class, () -> neighbors.accuracy(wider));
    }

    @Test
    void columns_of_features_are_those_of_every_image() {
        Features both = new Features(new float[] {1, 2, 3, 4, 5, 6}, new int[] {0, 1}, 3, 2).columns(1, 3);
        assertEquals(2, both.width());
        assertArrayEquals(new float[] {2, 3, 5, 6}, both.values());
    }
}
