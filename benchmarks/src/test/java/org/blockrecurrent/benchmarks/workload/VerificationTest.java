package org.blockrecurrent.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VerificationTest {
    private static final BlockSize SMALL = new BlockSize(2, 5, 12, 3, 2);

    static Work[] works() {
        return new Work[] {
            new BlockWork(SMALL, Pass.FORWARD),
            new BlockWork(SMALL, Pass.FORWARD_AND_BACKWARD),
            EncoderWork.of(2, 5, 12, 3, 2),
            EncoderWork.dinov2(1, 12, 3, 2, 2),
            TrainingWork.of(2, 5, 12, 3, 2),
            TrainingWork.vit(2, 12, 3, 2, 2),
            new TrainingWork(2, VitConfig.smoke()),
            new GemmWork(5, 12, 7),
            new AttentionWork(2, 5, 12, 3, Pass.FORWARD),
            new AttentionWork(2, 5, 12, 3, Pass.FORWARD_AND_BACKWARD)
        };
    }

    @ParameterizedTest
    @MethodSource("works")
    void the_default_device_computes_what_the_reference_computes(Work work) {
        try (Backend backend = BenchmarkDevice.open("vector", 2)) {
            Verification.require(backend, work);
        }
    }

    @ParameterizedTest
    @MethodSource("works")
    void a_work_can_be_run_again_and_again(Work work) {
        try (Backend backend = BenchmarkDevice.open("vector", 1)) {
            Work.Run run = work.open(backend, Numbers.drawn());
            assertThat(run.once()).isFinite();
            assertThat(run.once()).isFinite();
        }
    }

    @ParameterizedTest
    @EnumSource(Pass.class)
    void an_error_of_one_in_ten_thousand_is_refused_before_anything_is_timed(Pass pass) {
        BlockWork work = new BlockWork(SMALL, pass);
        try (Backend backend = new ReferenceBackend()) {
            Map<String, double[]> wrong =
                    work.open(backend, Numbers.changed(value -> 1.0001 * value)).results();
            assertThatThrownBy(() -> Verification.requireEqual("wrong", wrong, work))
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
    void an_encoder_of_the_size_of_dinov2_base_costs_47_billion_operations_an_image() {
        EncoderWork encoder = EncoderWork.dinov2(1, 768, 12, 12, 16);
        assertThat(encoder.config().layout().tokens()).isEqualTo(261);
        assertThat(encoder.flops()).isCloseTo(47.1e9, within(0.2e9));
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
