package org.blockrecurrent.raptor.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.blockrecurrent.raptor.store.ActivationStore;
import org.blockrecurrent.raptor.store.ChunkRow;
import org.blockrecurrent.raptor.store.zarr.ChunkGrid;
import org.blockrecurrent.raptor.store.zarr.ZarrArray;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.numpy.NpyFile;
import org.blockrecurrent.vit.verify.Check;

/**
 * Activation stores that Zarr itself wrote: those that can be read, to the bit; those that cannot, refused with a message that
 * says why; those with a hole, refused with the name of the chunk.
 */
final class ZarrVerification {
    static final String EXPECTED = "EXPECTED.json";

    private final Path folder;
    private final Checks checks = new Checks();

    private ZarrVerification(Path folder) {
        this.folder = folder;
    }

    static List<Check> of(Path folder) {
        ZarrVerification verification = new ZarrVerification(folder);
        GoldenJson expected = GoldenJson.read(folder.resolve(EXPECTED));
        expected.keys().forEach(store -> verification.store(store, expected.at(store)));
        return verification.checks.all();
    }

    private void store(String store, GoldenJson expected) {
        switch (expected.at("must").text()) {
            case "equal" -> equal(store, expected);
            case "refuse" -> refused(store, expected.at("message_names").texts());
            case "report hole" -> {
                shape(store, expected);
                refused(store, expected.at("missing_chunks").texts().subList(0, 1));
            }
            default -> checks.holds(store + ", what to do with it", false);
        }
    }

    private void shape(String store, GoldenJson expected) {
        ZarrArray array = ZarrArray.open(folder.resolve(store));
        ChunkGrid grid = array.grid();
        int[] axes = IntStream.range(0, grid.rank()).toArray();
        double[] shape = Arrays.stream(axes).mapToDouble(grid::shape).toArray();
        double[] chunk = Arrays.stream(axes).mapToDouble(grid::chunk).toArray();
        checks.within(store + ", shape", shape, expected.at("shape").numbers(), 0);
        checks.within(store + ", chunks", chunk, expected.at("chunks").numbers(), 0);
        int files = 0;
        for (long i = 0; i < grid.chunks(); i++) {
            files += Files.isRegularFile(folder.resolve(store).resolve(array.key(i))) ? 1 : 0;
        }
        checks.within(store + ", chunk files", files, expected.at("chunk_files").number(), 0);
    }

    private void equal(String store, GoldenJson expected) {
        shape(store, expected);
        float[] got = values(ActivationStore.open(folder.resolve(store)));
        try (NpyFile values = NpyFile.open(folder.resolve(expected.at("values").text()))) {
            float[] want = values.floats();
            checks.within(store + ", values", doubles(got), doubles(want), 0);
            checks.holds(store + ", bits", Arrays.equals(got, want));
        }
    }

    /** All of a store, row-major. */
    private static float[] values(ActivationStore store) {
        int depths = store.layers() + 1;
        int state = store.tokens() * store.embedDim();
        float[] all = new float[store.images() * depths * state];
        float[] one = new float[state];
        for (int image = 0; image < store.images(); image += store.imagesPerChunk()) {
            ChunkRow row = store.row(image / store.imagesPerChunk());
            for (int i = image; i < Math.min(image + store.imagesPerChunk(), store.images()); i++) {
                for (int depth = 0; depth < depths; depth++) {
                    row.copy(i - image, depth, one, 0);
                    System.arraycopy(one, 0, all, (i * depths + depth) * state, state);
                }
            }
        }
        return all;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    private void refused(String store, List<String> names) {
        String name = store + ", refused with a message that names " + names;
        try {
            ActivationStore.open(folder.resolve(store)).row(0);
            checks.holds(name, false);
        } catch (InvalidInputException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            checks.holds(name, names.stream().allMatch(part -> message.contains(part.toLowerCase(Locale.ROOT))));
        }
    }
}
