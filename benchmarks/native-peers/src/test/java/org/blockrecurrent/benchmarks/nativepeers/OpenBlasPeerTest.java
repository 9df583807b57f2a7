package org.blockrecurrent.benchmarks.nativepeers;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.blockrecurrent.benchmarks.peers.UnsupportedWorkException;
import org.blockrecurrent.benchmarks.workload.EncoderWork;
import org.blockrecurrent.benchmarks.workload.GemmWork;
import org.blockrecurrent.benchmarks.workload.Work;
import org.blockrecurrent.benchmarks.workload.WorkFile;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.tensor.testkit.Tolerance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBlasPeerTest {
    private final OpenBlasPeer peer = new OpenBlasPeer();

    @TempDir
    Path folder;

    @Test
    void it_multiplies_as_the_reference_does() {
        GemmWork work = new GemmWork(3, 7, 5);
        Path file = file(work);
        try (Backend reference = new ReferenceBackend()) {
            double[] want = WorkFile.open(file, reference).results().get("output");
            double[] got = peer.load(file, 2).results().get("output");
            Tolerance.reduction(work.k()).require("output", requireNonNull(got), requireNonNull(want), 0);
        }
    }

    @Test
    void it_tells_its_version_and_kernel() {
        assertThat(peer.description()).startsWith("OpenBLAS 0.3").containsPattern("kernel \\w+");
    }

    @Test
    void anything_but_a_product_is_refused() {
        Path file = file(EncoderWork.of(1, 3, 4, 2, 1));
        assertThatThrownBy(() -> peer.load(file, 1))
                .isInstanceOf(UnsupportedWorkException.class)
                .hasMessageContaining("matrix products");
    }

    private Path file(Work work) {
        Path file = folder.resolve("work.safetensors");
        WorkFile.write(file, work);
        return file;
    }
}
