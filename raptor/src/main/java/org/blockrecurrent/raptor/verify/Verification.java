package org.blockrecurrent.raptor.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.verify.Check;

/**
 * Recomputes golden values of the official Raptor code, of its phases, and of activation stores: a folder is told by what is in
 * it.
 *
 * <pre>
 *   VERSIONS.json, block/, trajectory/, stage1/, training/, checkpoints/, schedule.json, validation.json   the Raptor
 *   results.json, matrices/, similarity.safetensors                                                        the phases
 *   EXPECTED.json, NAME.zarr/, expected/                                                                   the stores
 * </pre>
 */
public final class Verification {
    private static final List<String> RAPTOR = List.of("block", "trajectory", "stage1", "training", "checkpoints");

    private Verification() {}

    /** True if there is something in a folder that can be recomputed here. */
    public static boolean knows(Path folder) {
        return isRaptor(folder) || isSegmentation(folder) || isZarr(folder);
    }

    /** Every value of a folder; throws an {@link InvalidInputException} if nothing in it is known or a file cannot be read. */
    public static List<Check> of(Path folder, Backend backend) {
        if (isRaptor(folder)) {
            return RaptorVerification.of(folder, backend);
        }
        if (isSegmentation(folder)) {
            return SegmentationVerification.of(folder, backend);
        }
        if (isZarr(folder)) {
            return ZarrVerification.of(folder);
        }
        throw new InvalidInputException(folder + " holds no golden values of a Raptor (" + String.join(", ", RAPTOR)
                + "), of phases (" + SegmentationVerification.RESULTS + ") or of activation stores ("
                + ZarrVerification.EXPECTED + ")");
    }

    private static boolean isRaptor(Path folder) {
        return Files.exists(folder.resolve("VERSIONS.json"))
                && RAPTOR.stream().anyMatch(name -> Files.isDirectory(folder.resolve(name)));
    }

    private static boolean isSegmentation(Path folder) {
        return Files.exists(folder.resolve(SegmentationVerification.RESULTS));
    }

    private static boolean isZarr(Path folder) {
        return Files.exists(folder.resolve(ZarrVerification.EXPECTED));
    }
}
