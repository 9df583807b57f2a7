package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.testkit.BackendContract;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The contract in a JVM of its own whose vectors are limited by {@code -XX:MaxVectorSize}. On a
 * processor with narrower vectors than asked for all of it is skipped.
 */
abstract class NarrowVectorsContract extends BackendContract {
    private final int bits;

    NarrowVectorsContract(int bits) {
        this.bits = bits;
    }

    @Override
    protected Backend backend() {
        int preferred = SimdLanes.vectorBits();
        boolean asAsked = preferred == bits;
        if (!asAsked) {
            System.out.println("SKIPPED: vectors of " + bits + " bits: this JVM prefers " + preferred);
        }
        Assumptions.assumeTrue(asAsked, "vectors of " + bits + " bits: this JVM prefers " + preferred);
        return VectorBackend.open(2);
    }

    @Test
    void the_backend_computes_in_vectors_of_this_width() {
        try (VectorBackend backend = VectorBackend.open(1)) {
            assertThat(backend.diagnostics().isVectorised())
                    .as(backend.diagnostics().reason())
                    .isTrue();
            assertThat(backend.description()).contains("vectors of " + bits / Float.SIZE + " floats");
        }
    }
}
