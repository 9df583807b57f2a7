package org.blockrecurrent.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockVerificationTest {
    private static final BlockSize SMALL = new BlockSize(2, 5, 12, 3, 2);

    @ParameterizedTest
    @EnumSource(Pass.class)
    void the_default_device_computes_the_block(Pass pass) {
        try (Backend backend = BenchmarkDevice.open("vector", 2)) {
            BlockVerification.require(backend, SMALL, pass);
        }
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void an_error_of_one_in_ten_thousand_is_refused_before_anything_is_timed(Pass pass) {
        try (Backend backend = new ReferenceBackend()) {
            Map<String, double[]> wrong = new BlockRun(backend, SMALL, pass, value -> 1.0001 * value).results();
            assertThatThrownBy(() -> BlockVerification.requireEqual("wrong", wrong, SMALL, pass))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wrong, output");
        }
    }

    @Test
    void the_published_block_costs_2_57_billion_multiply_adds_an_image() {
        BlockSize published = new BlockSize(1, 261, 768, 12, 1);
        assertThat(published.flops(Pass.FORWARD) / 2).isCloseTo(2.57e9, within(5e6));
        assertThat(published.flops(Pass.FORWARD_AND_BACKWARD)).isEqualTo(3 * published.flops(Pass.FORWARD));
    }

    @Test
    void an_unknown_device_or_mode_is_named() {
        assertThatThrownBy(() -> BenchmarkDevice.open("abacus", 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("abacus");
        assertThatThrownBy(() -> Pass.of("sideways"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("sideways");
    }
}
