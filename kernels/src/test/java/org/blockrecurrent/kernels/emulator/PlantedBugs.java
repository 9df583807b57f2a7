package org.blockrecurrent.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.error;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.reportOnly;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.unseen;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.wrongResult;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import org.blockrecurrent.kernels.emulator.PlantedBug.WrongResult;

/** The bugs that the emulated device must show; their kernels are in {@code src/test/cpp/planted}. */
final class PlantedBugs {
    private static final int INVALID_VALUE = 1;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int LAUNCH_TIMEOUT = 702;
    private static final int MISALIGNED_ADDRESS = 716;
    private static final int LAUNCH_FAILED = 719;

    private static final int N = 256;

    /** {@code x[i] = i + 1}: every element differs, none is zero. */
    private static final float[] X = numbers(N);

    private PlantedBugs() {}

    static List<PlantedBug> all() {
        List<PlantedBug> bugs = new ArrayList<>();
        bugs.addAll(ofBarriers());
        bugs.addAll(ofMemory());
        bugs.addAll(ofBlocks());
        bugs.addAll(ofAsyncCopies());
        bugs.addAll(ofTheHost());
        return bugs;
    }

    private static List<PlantedBug> ofBarriers() {
        return List.of(
                new PlantedBug(
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
                                        + "barrier_before_read.cu:7: read of 4 bytes, .* shared variable s .*uninitialised")),
                new PlantedBug(
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
                                        + ".*race with the (read|write) by thread \\(.*\\) of the same block: no barrier")),
                new PlantedBug(
                        "lanes exchange without __syncwarp",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(32);
                            cuda.launch(kernel("warp_exchange", buggy), 1, 32, 0, out, cuda.upload(X));
                            expect(cuda.download(out, 32), i -> X[i ^ 1]);
                        },
                        wrongResult(),
                        error(LAUNCH_FAILED, "warp_exchange.cu:7: .* shared variable s .*(uninitialised|race)")),
                new PlantedBug(
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
                        error(LAUNCH_FAILED, "divergent_barrier_bug.*deadlock.*32 of 64 live threads")),
                new PlantedBug(
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
                        error(
                                LAUNCH_FAILED,
                                "two_barriers.cu:5.*two_barriers.cu:8|two_barriers.cu:8.*two_barriers.cu:5")),
                new PlantedBug(
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
                        error(LAUNCH_FAILED, "absent_lanes.cu:8 for lanes 16-31")),
                new PlantedBug(
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
                        error(LAUNCH_TIMEOUT, "endless_spin_bug.*more than 100000 changes of thread")));
    }

    private static List<PlantedBug> ofMemory() {
        return List.of(
                new PlantedBug(
                        "shared memory that nobody wrote",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(64);
                            cuda.launch(kernel("uninitialised_shared", buggy), 1, 64, 0, out, cuda.upload(X), 50);
                            expect(cuda.download(out, 64), i -> 50 * 51 / 2);
                        },
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "uninitialised_shared.cu:12: read of 4 bytes, 200 bytes into shared variable s "
                                        + "\\(256 bytes\\): uninitialised")),
                new PlantedBug(
                        "global memory that nobody wrote",
                        (cuda, device, buggy) -> {
                            var out = buggy ? cuda.allocate(N) : cuda.upload(new float[N]);
                            cuda.launch("accumulate", 1, N, 0, out, cuda.upload(X));
                            expect(cuda.download(out, N), i -> X[i]);
                        },
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "kernel accumulate.* at accumulate.cu:3: read of 4 bytes, .* bytes into "
                                        + "allocation #\\d+ \\(1024 bytes\\): uninitialised")),
                new PlantedBug(
                        "output that no kernel wrote is copied to the host",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(N);
                            cuda.launch("fill", 1, N, 0, out, 2f, buggy ? N - 1 : N, 0);
                            expect(cuda.download(out, N), i -> 2);
                        },
                        wrongResult(),
                        error(
                                INVALID_VALUE,
                                "1020 bytes into allocation #\\d+ \\(1024 bytes\\) has never been written")),
                new PlantedBug(
                        "read one past the end",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(1);
                            cuda.launch(kernel("read_past_the_end", buggy), 1, 32, 0, out, cuda.upload(X), N);
                            expect(cuda.download(out, 1), i -> X[N - 1]);
                        },
                        error(
                                ILLEGAL_ADDRESS,
                                "read_past_the_end_bug, block \\(0,0,0\\), thread \\(0,0,0\\) at past_the_end.cu:8: "
                                        + "invalid address .*, right past the end of allocation #\\d+ \\(1024 bytes\\)"),
                        error(
                                ILLEGAL_ADDRESS,
                                "past_the_end.cu:8: read of 4 bytes, right past the end of allocation #\\d+ "
                                        + "\\(1024 bytes\\): out of bounds")),
                new PlantedBug(
                        "write one past the end, not at a multiple of 16 bytes",
                        (cuda, device, buggy) -> {
                            int n = N - 3;
                            var out = cuda.allocate(n);
                            cuda.launch(kernel("write_past_the_end", buggy), 2, 128, 0, out, n);
                            expect(cuda.download(out, n), i -> 1);
                            cuda.free(out);
                        },
                        error(
                                INVALID_VALUE,
                                "free of .*: a kernel has written past the end of allocation #\\d+ \\(1012 bytes\\)"),
                        error(
                                ILLEGAL_ADDRESS,
                                "write_past_the_end_bug, block \\(1,0,0\\), thread \\(125,0,0\\) at "
                                        + "past_the_end.cu:15: write of 4 bytes, right past the end of allocation #\\d+ \\(1012 bytes\\)")),
                new PlantedBug(
                        "more dynamic shared memory used than asked for",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(N);
                            cuda.launch(kernel("dynamic_shared", buggy), 1, N, 4 * N, out, cuda.upload(X));
                            expect(cuda.download(out, N), i -> X[(i + 1) % N]);
                        },
                        unseen(),
                        error(
                                ILLEGAL_ADDRESS,
                                "thread \\(255,0,0\\) at dynamic_shared.cu:6: write of 4 bytes, 1024 bytes into "
                                        + "dynamic shared memory \\(1024 bytes\\): out of bounds")),
                new PlantedBug(
                        "vector load from a misaligned address",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(1);
                            cuda.launch(kernel("misaligned_load", buggy), 1, 1, 0, out, cuda.upload(X));
                            expect(cuda.download(out, 1), i -> 5 + 6 + 7 + 8);
                        },
                        wrongResult(),
                        error(
                                MISALIGNED_ADDRESS,
                                "misaligned_load.cu:4: read of 16 bytes, 4 bytes into allocation #\\d+ .*: "
                                        + "misaligned: the address must be a multiple of 16")),
                new PlantedBug(
                        "two threads write one half word",
                        (cuda, device, buggy) -> {
                            var out = cuda.uploadInts(0, 0);
                            cuda.launch(kernel("half_words", buggy), 1, 4, 0, out);
                            expect(cuda.downloadInt(out), 1 << 16);
                        },
                        wrongResult(),
                        error(LAUNCH_FAILED, "half_words.cu:5: write of 2 bytes.*race with the write by thread")),
                new PlantedBug(
                        "atomic and plain access mixed",
                        (cuda, device, buggy) -> {
                            var total = cuda.uploadInts(0);
                            cuda.launch(kernel("atomic_and_plain", buggy), 1, 64, 0, total);
                            expect(cuda.downloadInt(total), 64);
                        },
                        unseen(),
                        error(LAUNCH_FAILED, "atomic_and_plain_bug.*race with the (read|write) by thread")),
                new PlantedBug(
                        "kernel uses memory that was freed",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(N);
                            if (buggy) {
                                cuda.free(out);
                            }
                            cuda.launch("fill", 1, N, 0, out, 1f, N, 0);
                            expect(cuda.download(out, N), i -> 1);
                        },
                        error(
                                ILLEGAL_ADDRESS,
                                "kernel fill.*invalid address .* bytes into freed allocation #\\d+ \\(1024 bytes\\)"),
                        error(
                                ILLEGAL_ADDRESS,
                                "kernel fill.*write of 4 bytes.*freed allocation #\\d+ \\(1024 bytes\\): out of")));
    }

    private static List<PlantedBug> ofBlocks() {
        return List.of(
                new PlantedBug(
                        "two blocks write one element",
                        (cuda, device, buggy) -> {
                            device.configure("workers=1");
                            var out = cuda.allocate(2 * 64);
                            cuda.launch(kernel("blocks_write", buggy), 2, 64, 0, out);
                            expect(cuda.download(out, 64), i -> i);
                        },
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "blocks_write_bug.*blocks_race.cu:3: write of 4 bytes.*race with the write by "
                                        + "another block of the launch, \\([01],0,0\\)")),
                new PlantedBug(
                        "a block reads what another writes",
                        (cuda, device, buggy) -> {
                            device.configure("workers=1");
                            var x = cuda.upload(X);
                            cuda.launch(kernel("blocks_read", buggy), 4, 64, 0, x);
                            expect(cuda.download(x, N), i -> X[buggy ? (i + 64) % N : i] + 1);
                        },
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "blocks_read_bug.*blocks_race.cu:10: .*race with the (read|write) by another block")),
                new PlantedBug(
                        "last block reads the others' results without a fence",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(1);
                            cuda.launch(
                                    kernel("last_block", buggy),
                                    8,
                                    32,
                                    0,
                                    out,
                                    cuda.allocate(8),
                                    cuda.uploadInts(0),
                                    cuda.upload(X));
                            expect(cuda.download(out, 1), i -> 36);
                        },
                        unseen(),
                        error(
                                LAUNCH_FAILED,
                                "last_block.cu:14: read of 4 bytes.*race with the write by another block")));
    }

    private static List<PlantedBug> ofAsyncCopies() {
        return List.of(
                new PlantedBug(
                        "cp.async read before it has landed",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(128);
                            cuda.launch(buggy ? "async_wait_bug" : "async_copy_fixed", 1, 32, 0, out, cuda.upload(X));
                            expect(cuda.download(out, 128), i -> X[(i + 4) % 128]);
                        },
                        wrongResult(),
                        error(LAUNCH_FAILED, "async_wait_bug.*async_copy.cu:13: read of 4 bytes.*uninitialised")),
                new PlantedBug(
                        "another thread's cp.async read without a barrier",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(128);
                            cuda.launch(
                                    buggy ? "async_barrier_bug" : "async_copy_fixed", 1, 32, 0, out, cuda.upload(X));
                            expect(cuda.download(out, 128), i -> X[(i + 4) % 128]);
                        },
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "async_barrier_bug.*async_copy.cu:13: read of 4 bytes.*(race|uninitialised)")));
    }

    private static List<PlantedBug> ofTheHost() {
        return List.of(
                sameInBothModes(
                        "memory freed twice",
                        (cuda, device, buggy) -> {
                            var memory = cuda.allocate(N);
                            cuda.free(memory);
                            if (buggy) {
                                cuda.free(memory);
                            }
                        },
                        error(INVALID_VALUE, "free of .*: 0 bytes into freed allocation #\\d+ \\(1024 bytes\\)")),
                sameInBothModes(
                        "memory never freed",
                        (cuda, device, buggy) -> {
                            var memory = cuda.allocate(N);
                            if (buggy) {
                                cuda.forget(memory);
                            }
                            cuda.close();
                        },
                        reportOnly("context destroyed, but 1 allocations \\(1024 bytes\\) were never freed: #\\d+")),
                sameInBothModes(
                        "more shared memory than a launch may have",
                        (cuda, device, buggy) -> {
                            var out = cuda.allocate(N);
                            cuda.launch("dynamic_shared_fixed", 1, N, buggy ? 50_000 : 4 * N, out, cuda.upload(X));
                            expect(cuda.download(out, N), i -> X[(i + 1) % N]);
                        },
                        error(
                                INVALID_VALUE,
                                "launch of dynamic_shared_fixed: 50000 bytes of dynamic shared memory, the "
                                        + "function's limit is 49152")),
                sameInBothModes(
                        "grid of no blocks",
                        (cuda, device, buggy) -> {
                            var out = cuda.upload(new float[N]);
                            cuda.launch("fill", buggy ? 0 : 1, N, 0, out, 3f, N, 0);
                            expect(cuda.download(out, N), i -> 3);
                        },
                        error(INVALID_VALUE, "launch of fill: grid \\(0,1,1\\)")),
                sameInBothModes(
                        "block of more than 1024 threads",
                        (cuda, device, buggy) -> {
                            var out = cuda.upload(new float[N]);
                            cuda.launch("fill", 1, buggy ? 1025 : 1024, 0, out, 3f, N, 0);
                            expect(cuda.download(out, N), i -> 3);
                        },
                        error(
                                INVALID_VALUE,
                                "launch of fill: block \\(1025,1,1\\) has 1025 threads, the kernel takes 1 to 1024")),
                sameInBothModes(
                        "fewer parameters than the kernel takes",
                        (cuda, device, buggy) -> {
                            var out = cuda.upload(new float[N]);
                            if (buggy) {
                                cuda.launch("fill", 1, N, 0, out, 3f, N);
                            } else {
                                cuda.launch("fill", 1, N, 0, out, 3f, N, 0);
                            }
                            expect(cuda.download(out, N), i -> 3);
                        },
                        error(INVALID_VALUE, "launch of fill: parameter 4 of 4 is missing")),
                sameInBothModes(
                        "copy that leaves its allocation",
                        (cuda, device, buggy) -> {
                            var x = cuda.upload(X);
                            float[] values = new float[N + 1];
                            RawCuda.check(cuMemcpyHtoD(x, Pointer.to(values), 4L * (buggy ? N + 1 : N)));
                        },
                        error(
                                INVALID_VALUE,
                                "copy to the device of 1028 bytes at .*, 0 bytes into allocation #\\d+ "
                                        + "\\(1024 bytes\\): it does not lie in one allocation")),
                sameInBothModes(
                        "result read before the stream was waited for", PlantedBugs::readWithoutWaiting, wrongResult()),
                sameInBothModes(
                        "asynchronous copy to an array of Java",
                        (cuda, device, buggy) -> {
                            var x = cuda.upload(X);
                            CUstream stream = new CUstream();
                            RawCuda.check(cuStreamCreate(stream, 0));
                            Pointer target = new Pointer();
                            if (buggy) {
                                target = Pointer.to(new float[N]);
                            } else {
                                RawCuda.check(cuMemHostAlloc(target, 4L * N, 0));
                            }
                            RawCuda.check(cuMemcpyDtoHAsync(target, x, 4L * N, stream));
                            RawCuda.check(cuStreamSynchronize(stream));
                            RawCuda.check(cuMemFreeHost(target));
                        },
                        error(
                                INVALID_VALUE,
                                "cuMemcpyDtoHAsync of 1024 bytes with host memory at .* that is not pinned")),
                sameInBothModes(
                        "more memory than the device has",
                        (cuda, device, buggy) -> {
                            device.configure("memory=1m");
                            cuda.allocate(buggy ? 1 << 18 : 1 << 10);
                            cuda.allocate(4);
                        },
                        error(2, "")));
    }

    /** The copy is asynchronous: without waiting the buffer still holds what it held before. */
    private static void readWithoutWaiting(RawCuda cuda, EmulatedDevice device, boolean buggy) {
        device.configure("deferred=on");
        Pointer pinned = new Pointer();
        RawCuda.check(cuMemHostAlloc(pinned, 4L * N, 0));
        CUstream stream = new CUstream();
        RawCuda.check(cuStreamCreate(stream, 0));
        var x = cuda.upload(new float[N]);
        cuda.launch(stream, "fill", 1, N, 0, x, 7f, N, 0);
        RawCuda.check(cuMemcpyDtoHAsync(pinned, x, 4L * N, stream));
        if (!buggy) {
            RawCuda.check(cuStreamSynchronize(stream));
        }
        float[] seen = new float[N];
        pinned.getByteBuffer(0, 4L * N)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .get(seen);
        RawCuda.check(cuStreamSynchronize(stream));
        RawCuda.check(cuMemFreeHost(pinned));
        expect(seen, i -> 7);
    }

    private static PlantedBug sameInBothModes(String name, PlantedBug.Program program, PlantedBug.Symptom symptom) {
        return new PlantedBug(name, program, symptom, symptom);
    }

    private static String kernel(String name, boolean buggy) {
        return name + (buggy ? "_bug" : "_fixed");
    }

    private static float[] numbers(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i + 1;
        }
        return x;
    }

    private static void expect(float[] actual, IntToDoubleFunction expected) {
        for (int i = 0; i < actual.length; i++) {
            if (actual[i] != (float) expected.applyAsDouble(i)) {
                throw new WrongResult("element " + i + " is " + actual[i] + " instead of " + expected.applyAsDouble(i));
            }
        }
    }

    private static void expect(int actual, int expected) {
        if (actual != expected) {
            throw new WrongResult(actual + " instead of " + expected);
        }
    }
}
