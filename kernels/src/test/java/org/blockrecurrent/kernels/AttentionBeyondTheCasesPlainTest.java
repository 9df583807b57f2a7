package org.blockrecurrent.kernels;

import org.blockrecurrent.tensor.testkit.Parity;
import org.junit.jupiter.api.Test;

class AttentionBeyondTheCasesPlainTest extends AttentionBeyondTheCases {
    /** As many tokens as 518 × 518 pixels in patches of 14 have. */
    @Test
    void the_longest_sequence_of_the_published_models_agrees_with_the_reference() {
        Parity.of(attention(1, 1370, 1, 2)).require(backend);
    }
}
