package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Run in a JVM of its own that was started without the vector module, but with {@code --add-exports
 * java.base/jdk.internal.module=ALL-UNNAMED}, which a jar can ask for in its manifest.
 */
class LateVectorModuleJvmTest {
    @Test
    void vectors_come_without_the_option_where_the_jdk_lets_the_module_in() {
        assertThat(ModuleLayer.boot().findModule("jdk.incubator.vector")).isEmpty();
        try (VectorBackend backend = VectorBackend.open(1)) {
            assertThat(backend.diagnostics().reason()).isEmpty();
            assertThat(backend.diagnostics().isVectorised()).isTrue();
        }
    }
}
