package org.blockrecurrent.kernels.emulator;

import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.error;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.wrongResult;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.LAUNCH_FAILED;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.LAUNCH_TIMEOUT;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.N;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.X;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.expect;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.kernel;

import java.util.List;

/** Barriers, warp collectives and asynchronous copies that are missing, or are not reached by all. Kernels are in {@code src/test/cpp/planted}. */
final class PlantedBarrierBugs {
    private PlantedBarrierBugs() {}

    static List<PlantedBug> all() {
        return List.of(
                unsynchronisedRead(),
                unsynchronisedOverwrite(),
                unsynchronisedWarp(),
                divergentBarrier(),
                twoBarriers(),
                absentLanes(),
                endlessSpin(),
                copyReadTooEarly(),
                othersCopyRead());
    }

    private static PlantedBug unsynchronisedRead() {
        return new PlantedBug(
                "no barrier before shared memory is read",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(N);
                    cuda.launch(kernel("barrier_before_read", buggy), 1, N, 0, out, cuda.upload(X));
                    expect(cuda.download(out, N), i -> X[(i + 1) % N]);
                },
                wrongResult(),
                error(
                        LAUNCH_FAILED,
                        "barrier_before_read_bug, block \\(0,0,0\\), thread .* at "
                                + "barrier_before_read.cu:7: read of 4 bytes, .* shared variable s .*uninitialised"));
    }

    private static PlantedBug unsynchronisedOverwrite() {
        return new PlantedBug(
                "no barrier before shared memory is overwritten",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(N);
                    cuda.launch(kernel("barrier_before_overwrite", buggy), 1, N, 0, out, 3);
                    expect(cuda.download(out, N), i -> 3 * ((i + 1) % N) + 3);
                },
                wrongResult(),
                error(
                        LAUNCH_FAILED,
                        "barrier_before_overwrite.cu:(7: write|9: read) of 4 bytes, .* shared variable s "
                                + ".*race with the (read|write) by thread \\(.*\\) of the same block: no barrier"));
    }

    private static PlantedBug unsynchronisedWarp() {
        return new PlantedBug(
                "lanes exchange without __syncwarp",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(32);
                    cuda.launch(kernel("warp_exchange", buggy), 1, 32, 0, out, cuda.upload(X));
                    expect(cuda.download(out, 32), i -> X[i ^ 1]);
                },
                wrongResult(),
                error(LAUNCH_FAILED, "warp_exchange.cu:7: .* shared variable s .*(uninitialised|race)"));
    }

    private static PlantedBug divergentBarrier() {
        return new PlantedBug(
                "barrier in divergent code",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(64);
                    cuda.launch(kernel("divergent_barrier", buggy), 1, 64, 0, out);
                    expect(cuda.download(out, 64), i -> 1);
                },
                error(
                        LAUNCH_FAILED,
                        "divergent_barrier_bug.*deadlock.*32 of 64 live threads wait at the "
                                + "__syncthreads of divergent_barrier.cu:5.*lanes 16-31 of warp 0.*for lanes 0-15"),
                error(LAUNCH_FAILED, "divergent_barrier_bug.*deadlock.*32 of 64 live threads"));
    }

    private static PlantedBug twoBarriers() {
        return new PlantedBug(
                "threads of a block at two barriers",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(64);
                    cuda.launch(kernel("two_barriers", buggy), 1, 64, 0, out);
                    expect(cuda.download(out, 64), i -> i % 2);
                },
                error(
                        LAUNCH_FAILED,
                        "two_barriers_bug.*__syncthreads of two_barriers.cu:(5|8), while others of "
                                + "its block wait at that of two_barriers.cu:(5|8)"),
                error(LAUNCH_FAILED, "two_barriers.cu:5.*two_barriers.cu:8|two_barriers.cu:8.*two_barriers.cu:5"));
    }

    private static PlantedBug absentLanes() {
        return new PlantedBug(
                "shuffle names lanes that have left",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(16);
                    cuda.launch(kernel("absent_lanes", buggy), 1, 32, 0, out, cuda.upload(X));
                    expect(cuda.download(out, 16), i -> X[3]);
                },
                error(
                        LAUNCH_FAILED,
                        "absent_lanes_bug.*collective of absent_lanes.cu:8 for lanes 16-31, of which "
                                + "lanes 16-31 have exited"),
                error(LAUNCH_FAILED, "absent_lanes.cu:8 for lanes 16-31"));
    }

    private static PlantedBug endlessSpin() {
        return new PlantedBug(
                "loop waits for what never comes",
                (cuda, device, buggy) -> {
                    device.configure("watchdog=1 switches=100000");
                    var out = cuda.allocate(32);
                    cuda.launch(kernel("endless_spin", buggy), 1, 32, 0, out, cuda.uploadInts(0));
                    expect(cuda.download(out, 32), i -> 1);
                },
                error(
                        LAUNCH_TIMEOUT,
                        "endless_spin_bug, block \\(0,0,0\\), thread .* at endless_spin.cu:5: the block "
                                + "ran longer than 1 s"),
                error(LAUNCH_TIMEOUT, "endless_spin_bug.*more than 100000 changes of thread"));
    }

    private static PlantedBug copyReadTooEarly() {
        return new PlantedBug(
                "cp.async read before it has landed",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(128);
                    cuda.launch(buggy ? "async_wait_bug" : "async_copy_fixed", 1, 32, 0, out, cuda.upload(X));
                    expect(cuda.download(out, 128), i -> X[(i + 4) % 128]);
                },
                wrongResult(),
                error(LAUNCH_FAILED, "async_wait_bug.*async_copy.cu:13: read of 4 bytes.*uninitialised"));
    }

    private static PlantedBug othersCopyRead() {
        return new PlantedBug(
                "another thread's cp.async read without a barrier",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(128);
                    cuda.launch(buggy ? "async_barrier_bug" : "async_copy_fixed", 1, 32, 0, out, cuda.upload(X));
                    expect(cuda.download(out, 128), i -> X[(i + 4) % 128]);
                },
                wrongResult(),
                error(LAUNCH_FAILED, "async_barrier_bug.*async_copy.cu:13: read of 4 bytes.*(race|uninitialised)"));
    }
}
