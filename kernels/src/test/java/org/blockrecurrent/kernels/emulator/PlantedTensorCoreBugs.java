package org.blockrecurrent.kernels.emulator;

import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.error;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.unseen;
import static org.blockrecurrent.kernels.emulator.PlantedBug.Symptom.wrongResult;
import static org.blockrecurrent.kernels.emulator.PlantedBugs.LAUNCH_FAILED;

import java.util.List;
import org.blockrecurrent.kernels.emulator.PlantedBug.Symptom;

/**
 * Tensor cores, the copy engine and barriers in shared memory: waits that are left out. Matrices hold small whole numbers,
 * so that the product is exact. Kernels are in {@code src/test/cpp/planted/tensor_cores.cu}.
 */
final class PlantedTensorCoreBugs {
    private static final int M = 128;
    private static final int N = 8;
    private static final int K = 256;

    /** Two tiles of a step, 64 and 8 rows of 128 bytes, with room to start at a multiple of 1024. */
    private static final int TILE_BYTES = (64 + 8) * 128;

    private PlantedTensorCoreBugs() {}

    static List<PlantedBug> all() {
        return List.of(
                ofMma(
                        "ldmatrix before cp.async has landed",
                        "product_mma_no_wait",
                        wrongResult(),
                        error(
                                LAUNCH_FAILED,
                                "product_mma_no_wait.*tensor_cores.cu:\\d+: read of 16 bytes.*uninitialised")),
                ofMma(
                        "ldmatrix of what other lanes copied, without __syncwarp",
                        "product_mma_no_meeting",
                        unseen(),
                        error(LAUNCH_FAILED, "product_mma_no_meeting.*shared variable tile_[ab].*race with the write")),
                ofWgmma(
                        "wgmma before the copy engine has finished",
                        "product_wgmma_no_copy_wait",
                        error(LAUNCH_FAILED, "product_wgmma_no_copy_wait.*more threads arrive at the mbarrier"),
                        error(LAUNCH_FAILED, "product_wgmma_no_copy_wait.*dynamic shared memory.*uninitialised")),
                ofWgmma(
                        "accumulators read before wgmma has finished",
                        "product_wgmma_no_product_wait",
                        wrongResult(),
                        wrongResult()),
                ofWgmma(
                        "tile overwritten while other warps still multiply",
                        "product_wgmma_no_meeting",
                        unseen(), // in this order the other warps happen to be done
                        error(LAUNCH_FAILED, "product_wgmma_no_meeting.*dynamic shared memory.*(race|uninitialised)")));
    }

    private static PlantedBug ofMma(String name, String kernel, Symptom plain, Symptom checked) {
        return new PlantedBug(
                name,
                (cuda, device, buggy) -> {
                    var c = cuda.allocate(M * N);
                    var a = uploadBf16(cuda, M, 1);
                    var b = uploadBf16(cuda, N, 2);
                    cuda.launch(buggy ? kernel : "product_mma_fixed", M / 16, 32, 0, c, a, b, K);
                    PlantedBugs.expect(cuda.download(c, M * N), PlantedTensorCoreBugs::product);
                },
                plain,
                checked);
    }

    private static PlantedBug ofWgmma(String name, String kernel, Symptom plain, Symptom checked) {
        return new PlantedBug(
                name,
                (cuda, device, buggy) -> {
                    var c = cuda.allocate(M * N);
                    byte[] a = TensorMaps.ofMatrix(device, uploadBf16(cuda, M, 1), M, K, 64);
                    byte[] b = TensorMaps.ofMatrix(device, uploadBf16(cuda, N, 2), N, K, 8);
                    cuda.launch(buggy ? kernel : "product_wgmma_fixed", M / 64, 128, TILE_BYTES, a, b, c, K);
                    PlantedBugs.expect(cuda.download(c, M * N), PlantedTensorCoreBugs::product);
                },
                plain,
                checked);
    }

    private static double product(int index) {
        double sum = 0;
        for (int k = 0; k < K; k++) {
            sum += value(1, index / N, k) * value(2, index % N, k);
        }
        return sum;
    }

    private static int value(int matrix, int row, int k) {
        return (matrix * 31 + row * 7 + k * 13 + row * k) % 9 - 4;
    }

    /** A matrix (rows, K): bf16 is the upper half of a float. */
    private static RawCuda.Address uploadBf16(RawCuda cuda, int rows, int matrix) {
        int[] pairs = new int[rows * K / 2];
        for (int i = 0; i < rows * K; i++) {
            int bits = Float.floatToRawIntBits(value(matrix, i / K, i % K)) >>> 16;
            pairs[i / 2] |= bits << (16 * (i % 2));
        }
        return cuda.uploadInts(pairs);
    }
}
