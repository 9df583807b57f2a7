package org.blockrecurrent.kernels.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelSignatureTest {
    private static final String PTX = """
            .version 7.0
            .target sm_80
            .address_size 64
            .visible .entry scale(
            	.param .u64 scale_param_0,
            	.param .u64 .ptr .global .align 4 scale_param_1,
            	.param .f32 scale_param_2,
            	.param .u32 scale_param_3
            )
            .maxntid 256, 1, 1
            {
            	ret;
            }
            .visible .entry whole(.param .b8 whole_param_0[8], .param .align 4 .b8 whole_param_1[4])
            {
            	ret;
            }
            .entry nothing()
            {
            	ret;
            }
            """;

    private final Map<String, KernelSignature> signatures = KernelSignature.of(PTX);

    @Test
    void every_kernel_has_its_parameters_in_order() {
        assertThat(signatures.keySet()).containsExactlyInAnyOrder("scale", "whole", "nothing");
        assertThat(signatures.get("scale").types()).containsExactly("u64", "u64", "f32", "u32");
        assertThat(signatures.get("whole").types()).containsExactly("b64", "b32");
        assertThat(signatures.get("nothing").types()).isEmpty();
    }

    @Test
    void an_argument_of_another_type_is_refused() {
        KernelSignature scale = signatures.get("scale");
        scale.require(1, false, 64);
        scale.require(2, true, 32);
        assertThatThrownBy(() -> scale.require(2, false, 32))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("scale", "f32", "argument 3", "integer");
        assertThatThrownBy(() -> scale.require(3, false, 64)).hasMessageContainingAll("u32", "argument 4", "64 bits");
        assertThatThrownBy(() -> scale.require(4, false, 32)).hasMessageContainingAll("nothing", "argument 5");
    }

    @Test
    void a_forgotten_argument_is_refused() {
        assertThatThrownBy(() -> signatures.get("scale").requireCount(3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("scale", "4", "3");
    }

    @Test
    void an_untyped_parameter_takes_what_has_its_size() {
        signatures.get("whole").require(0, false, 64);
        signatures.get("whole").require(1, true, 32);
    }
}
