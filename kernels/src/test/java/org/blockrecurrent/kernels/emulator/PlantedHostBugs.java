package org.blockrecurrent.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuMemFreeHost;
import static jcuda.driver.JCudaDriver.cuMemHostAlloc;
import static jcuda.driver.JCudaDriver.cuMemcpyDtoHAsync;
import static jcuda.driver.JCudaDriver.cuMemcpyHtoD;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.error;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.reportOnly;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.wrongResult;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.INVALID_VALUE;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.N;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.OUT_OF_MEMORY;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.X;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.expect;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.sameInBothModes;

import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUstream;

/** What the host does wrong. Kernels are in {@code src/test/cpp/planted}. */
final class PlantedHostBugs {
    private PlantedHostBugs() {}

    static List<PlantedBug> all() {
        return List.of(
                doubleFree(),
                leak(),
                tooMuchShared(),
                emptyGrid(),
                tooLargeBlock(),
                missingParameter(),
                copyOutside(),
                readBeforeWaiting(),
                pageableCopy(),
                outOfMemory());
    }

    private static PlantedBug doubleFree() {
        return sameInBothModes(
                "memory freed twice",
                (cuda, device, buggy) -> {
                    var memory = cuda.allocate(N);
                    cuda.free(memory);
                    if (buggy) {
                        cuda.free(memory);
                    }
                },
                error(INVALID_VALUE, "free of .*: 0 bytes into freed allocation #\\d+ \\(1024 bytes\\)"));
    }

    private static PlantedBug leak() {
        return sameInBothModes(
                "memory never freed",
                (cuda, device, buggy) -> {
                    var memory = cuda.allocate(N);
                    if (buggy) {
                        cuda.forget(memory);
                    }
                    cuda.close();
                },
                reportOnly("context destroyed, but 1 allocations \\(1024 bytes\\) were never freed: #\\d+"));
    }

    private static PlantedBug tooMuchShared() {
        return sameInBothModes(
                "more shared memory than a launch may have",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(N);
                    cuda.launch("dynamic_shared_fixed", 1, N, buggy ? 50_000 : 4 * N, out, cuda.upload(X));
                    expect(cuda.download(out, N), i -> X[(i + 1) % N]);
                },
                error(
                        INVALID_VALUE,
                        "launch of dynamic_shared_fixed: 50000 bytes of dynamic shared memory, the "
                                + "function's limit is 49152"));
    }

    private static PlantedBug emptyGrid() {
        return sameInBothModes(
                "grid of no blocks",
                (cuda, device, buggy) -> {
                    var out = cuda.upload(new float[N]);
                    cuda.launch("fill", buggy ? 0 : 1, N, 0, out, 3f, N, 0);
                    expect(cuda.download(out, N), i -> 3);
                },
                error(INVALID_VALUE, "launch of fill: grid \\(0,1,1\\)"));
    }

    private static PlantedBug tooLargeBlock() {
        return sameInBothModes(
                "block of more than 1024 threads",
                (cuda, device, buggy) -> {
                    var out = cuda.upload(new float[N]);
                    cuda.launch("fill", 1, buggy ? 1025 : 1024, 0, out, 3f, N, 0);
                    expect(cuda.download(out, N), i -> 3);
                },
                error(
                        INVALID_VALUE,
                        "launch of fill: block \\(1025,1,1\\) has 1025 threads, the kernel takes 1 to 1024"));
    }

    private static PlantedBug missingParameter() {
        return sameInBothModes(
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
                error(INVALID_VALUE, "launch of fill: parameter 4 of 4 is missing"));
    }

    private static PlantedBug copyOutside() {
        return sameInBothModes(
                "copy that leaves its allocation",
                (cuda, device, buggy) -> {
                    var x = cuda.upload(X);
                    float[] values = new float[N + 1];
                    RawCuda.check(cuMemcpyHtoD(x, Pointer.to(values), 4L * (buggy ? N + 1 : N)));
                },
                error(
                        INVALID_VALUE,
                        "copy to the device of 1028 bytes at .*, 0 bytes into allocation #\\d+ "
                                + "\\(1024 bytes\\): it does not lie in one allocation"));
    }

    private static PlantedBug readBeforeWaiting() {
        return sameInBothModes(
                "result read before the stream was waited for", PlantedHostBugs::readWithoutWaiting, wrongResult());
    }

    private static PlantedBug pageableCopy() {
        return sameInBothModes(
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
                error(INVALID_VALUE, "cuMemcpyDtoHAsync of 1024 bytes with host memory at .* that is not pinned"));
    }

    private static PlantedBug outOfMemory() {
        return sameInBothModes(
                "more memory than the device has",
                (cuda, device, buggy) -> {
                    device.configure("memory=1m");
                    cuda.allocate(buggy ? 1 << 18 : 1 << 10);
                    cuda.allocate(4);
                },
                error(OUT_OF_MEMORY, ""));
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
}
