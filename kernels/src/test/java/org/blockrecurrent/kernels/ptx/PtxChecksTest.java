package org.blockrecurrent.kernels.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.blockrecurrent.kernels.driver.PtxAssembler;
import org.junit.jupiter.api.Test;

/** The checks of {@link PtxTest} see what they are there for. */
class PtxChecksTest {
    private static final String BUDGET = "// budget: 24 registers, 0 bytes shared, 100 % occupancy at 256 threads\n";
    private static final String KERNEL =
            "extern \"C\" __global__ void __launch_bounds__(256) file_kernel(float* y) {}\n";

    @Test
    void a_kernel_that_spills_is_seen() {
        assertThat(PtxAssembler.assemble(manyLiveValues(".maxnreg 24"), "80")
                        .get("many")
                        .spillBytes())
                .isPositive();
        PtxAssembler.Resources roomy =
                PtxAssembler.assemble(manyLiveValues(""), "80").get("many");
        assertThat(roomy.spillBytes()).isZero();
        assertThat(roomy.registers()).isGreaterThan(64);
    }

    @Test
    void ptx_that_needs_a_newer_version_is_refused_with_the_reason() {
        String ptx = manyLiveValues("").replace("ret;", "barrier.cluster.arrive;\nret;");
        assertThatThrownBy(() -> PtxAssembler.assemble(ptx, "90")).hasMessageContaining("7.8");
    }

    @Test
    void a_budget_is_read_where_it_belongs_to_a_kernel() {
        assertThat(KernelBudget.of(BUDGET + KERNEL))
                .isEqualTo(Map.of("file_kernel", new KernelBudget(24, 0, 100, 256, "")));
        assertThat(KernelBudget.of(BUDGET + "// reason: one thread\n" + KERNEL)
                        .get("file_kernel")
                        .reason())
                .isEqualTo("one thread");
    }

    @Test
    void a_kernel_without_its_budget_is_refused() {
        assertThatThrownBy(() -> KernelBudget.of(KERNEL)).hasMessageContaining("file_kernel");
        assertThatThrownBy(() -> KernelBudget.of(BUDGET + "\n" + KERNEL)).hasMessageContaining("file_kernel");
        assertThatThrownBy(() -> KernelBudget.of(BUDGET + BUDGET + KERNEL)).hasMessageContaining("2 budgets");
    }

    /** Loads 100 floats, and stores them only after the last one is there. */
    private static String manyLiveValues(String directive) {
        StringBuilder loads = new StringBuilder();
        StringBuilder stores = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            loads.append("ld.volatile.global.f32 %f")
                    .append(i)
                    .append(", [%rd1+")
                    .append(4 * i)
                    .append("];\n");
            stores.append("st.volatile.global.f32 [%rd1+")
                    .append(4 * i)
                    .append("], %f")
                    .append(99 - i)
                    .append(";\n");
        }
        return ".version 7.0\n.target sm_80\n.address_size 64\n.visible .entry many(.param .u64 p)\n" + directive
                + "\n{\n.reg .f32 %f<100>;\n.reg .b64 %rd<2>;\nld.param.u64 %rd1, [p];\n" + loads + stores
                + "ret;\n}\n";
    }
}
