package org.blockrecurrent.kernels.emulator;

import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.error;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.unseen;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.wrongResult;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.ILLEGAL_ADDRESS;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.INVALID_VALUE;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.LAUNCH_FAILED;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.MISALIGNED_ADDRESS;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.N;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.X;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.expect;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.kernel;

import java.util.List;

/** Memory that is out of bounds, uninitialised, freed, or raced for. Kernels are in {@code src/test/cpp/planted}. */
final class PlantedMemoryBugs {
    private PlantedMemoryBugs() {}

    static List<PlantedBug> all() {
        return List.of(
                uninitialisedShared(),
                uninitialisedGlobal(),
                unwrittenOutput(),
                readPastTheEnd(),
                writePastTheEnd(),
                beyondDynamicShared(),
                misalignedLoad(),
                sharedHalfWord(),
                atomicAndPlain(),
                useAfterFree(),
                blocksWriteOneElement(),
                blockReadsAnothers(),
                lastBlockWithoutFence());
    }

    private static PlantedBug uninitialisedShared() {
        return new PlantedBug(
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
                                + "\\(256 bytes\\): uninitialised"));
    }

    private static PlantedBug uninitialisedGlobal() {
        return new PlantedBug(
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
                                + "allocation #\\d+ \\(1024 bytes\\): uninitialised"));
    }

    private static PlantedBug unwrittenOutput() {
        return new PlantedBug(
                "output that no kernel wrote is copied to the host",
                (cuda, device, buggy) -> {
                    var out = cuda.allocate(N);
                    cuda.launch("fill", 1, N, 0, out, 2f, buggy ? N - 1 : N, 0);
                    expect(cuda.download(out, N), i -> 2);
                },
                wrongResult(),
                error(INVALID_VALUE, "1020 bytes into allocation #\\d+ \\(1024 bytes\\) has never been written"));
    }

    private static PlantedBug readPastTheEnd() {
        return new PlantedBug(
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
                                + "\\(1024 bytes\\): out of bounds"));
    }

    private static PlantedBug writePastTheEnd() {
        return new PlantedBug(
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
                                + "past_the_end.cu:15: write of 4 bytes, right past the end of allocation #\\d+ \\(1012 bytes\\)"));
    }

    private static PlantedBug beyondDynamicShared() {
        return new PlantedBug(
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
                                + "dynamic shared memory \\(1024 bytes\\): out of bounds"));
    }

    private static PlantedBug misalignedLoad() {
        return new PlantedBug(
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
                                + "misaligned: the address must be a multiple of 16"));
    }

    private static PlantedBug sharedHalfWord() {
        return new PlantedBug(
                "two threads write one half word",
                (cuda, device, buggy) -> {
                    var out = cuda.uploadInts(0, 0);
                    cuda.launch(kernel("half_words", buggy), 1, 4, 0, out);
                    expect(cuda.downloadInt(out), 1 << 16);
                },
                wrongResult(),
                error(LAUNCH_FAILED, "half_words.cu:5: write of 2 bytes.*race with the write by thread"));
    }

    private static PlantedBug atomicAndPlain() {
        return new PlantedBug(
                "atomic and plain access mixed",
                (cuda, device, buggy) -> {
                    var total = cuda.uploadInts(0);
                    cuda.launch(kernel("atomic_and_plain", buggy), 1, 64, 0, total);
                    expect(cuda.downloadInt(total), 64);
                },
                unseen(),
                error(LAUNCH_FAILED, "atomic_and_plain_bug.*race with the (read|write) by thread"));
    }

    private static PlantedBug useAfterFree() {
        return new PlantedBug(
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
                        "kernel fill.*write of 4 bytes.*freed allocation #\\d+ \\(1024 bytes\\): out of"));
    }

    private static PlantedBug blocksWriteOneElement() {
        return new PlantedBug(
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
                                + "another block of the launch, \\([01],0,0\\)"));
    }

    private static PlantedBug blockReadsAnothers() {
        return new PlantedBug(
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
                        "blocks_read_bug.*blocks_race.cu:10: .*race with the (read|write) by another block"));
    }

    private static PlantedBug lastBlockWithoutFence() {
        return new PlantedBug(
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
                error(LAUNCH_FAILED, "last_block.cu:14: read of 4 bytes.*race with the write by another block"));
    }
}
