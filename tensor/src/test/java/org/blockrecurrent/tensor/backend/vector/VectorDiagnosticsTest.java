package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.blockrecurrent.tensor.InvalidInputException;
import org.junit.jupiter.api.Test;

class VectorDiagnosticsTest {
    @Test
    void diagnostics_name_lanes_threads_and_a_measured_rate() {
        try (VectorBackend backend = VectorBackend.open(3)) {
            VectorDiagnostics diagnostics = backend.diagnostics();
            assertThat(diagnostics.threads()).isEqualTo(3);
            assertThat(diagnostics.gigaflopsPerThread()).isPositive();
            assertThat(diagnostics.lines())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line).isNotBlank());
        }
    }

    @Test
    void plain_loops_say_why_they_are_used() {
        try (VectorBackend backend = VectorBackend.open(1, true)) {
            assertThat(backend.diagnostics().isVectorised()).isFalse();
            assertThat(backend.diagnostics().lines().get(0)).contains("asked for");
        }
    }

    @Test
    void a_backend_without_threads_is_refused() {
        assertThatThrownBy(() -> VectorBackend.open(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("0");
    }
}
