package org.blockrecurrent.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.blockrecurrent.kernels.emulator.EmulatedDevice;
import org.blockrecurrent.kernels.emulator.KernelCounters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streaming kernels move little more than their algorithm has to. What the emulated device counted is left as a table in
 * {@code target/emulator/small-kernels.md}.
 */
class StreamTrafficCountedTest {
    private static final double MOST_TIMES_MINIMUM = 1.3;
    /** Of the passes through shared memory. */
    private static final double MOST_CONFLICTS = 0.05;

    private static final StringBuilder TABLE = new StringBuilder();

    static Stream<StreamCase> cases() {
        return Stream.of(
                        StreamCases.elementwise(),
                        StreamCases.normAndReduce(),
                        StreamCases.tokens(),
                        StreamCases.lossAndOptimizer())
                .flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_streaming_kernel_moves_little_more_than_it_has_to(StreamCase streamCase) {
        EmulatedDevice device = EmulatedDevice.counted();
        try (CudaBackend backend = CudaBackend.open(List.of(device.library()), Gemm.CUDA)) {
            Runnable call = streamCase.prepare().apply(backend);
            device.resetCounters();
            call.run();
            backend.launcher().synchronize();
            KernelCounters counted = device.counters().of(streamCase.kernel());
            double timesMinimum = (double) counted.globalBytes() / (Float.BYTES * streamCase.floats());
            double conflicts = counted.sharedConflicts() / Math.max(1.0, counted.sharedWavefronts());
            TABLE.append(row(streamCase, counted, timesMinimum, conflicts));
            assertThat(timesMinimum).isBetween(1.0, MOST_TIMES_MINIMUM);
            assertThat(conflicts).isLessThan(MOST_CONFLICTS);
        }
    }

    private static String row(StreamCase streamCase, KernelCounters counted, double timesMinimum, double conflicts) {
        long sectors = counted.readSectors() + counted.writeSectors();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d | %.2f | %.1f | %.2f | %.1f %% | %.1f |%n",
                streamCase.kernel(),
                streamCase.size(),
                streamCase.formula(),
                Float.BYTES * streamCase.floats(),
                counted.globalBytes(),
                timesMinimum,
                (double) sectors / counted.globalRequests(),
                counted.sectorOverhead(),
                100 * conflicts,
                (double) counted.barriers() / counted.blocks());
    }

    @AfterAll
    static void leave_a_table() throws IOException {
        String head =
                "Counted by the emulated device, all launches of the kernel in one call together. Sectors are the "
                        + "32-byte pieces that a request of a warp touches: 4 for neighbouring floats, 16 for neighbouring packs of "
                        + "four.\n\n| kernel | size | least floats | least bytes | counted bytes | ratio | sectors a request | sector"
                        + " bytes / bytes | bank conflicts | barriers a block |\n|---|---|---|---|---|---|---|---|---|---|\n";
        Path folder = Files.createDirectories(Path.of("target/emulator"));
        Files.writeString(folder.resolve("small-kernels.md"), head + TABLE);
    }
}
