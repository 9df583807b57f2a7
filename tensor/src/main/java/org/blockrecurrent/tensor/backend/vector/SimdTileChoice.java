package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile that is fastest on this processor as this JVM compiles it, found by running all that could be, once in a
 * process. They differ by up to a factor of three, and by the version of the compiler (see {@link SimdTiles}). No result depends
 * on the choice: all tiles round alike. Afterwards what a product needs is compiled.
 *
 * @param check what it does
 */
record SimdTileChoice(Tile tile, KernelCheck check) {
    private static final Tile TALL = new Tile("14 x 2", 14, SimdTiles::tile14x1);
    private static final Tile TALL_BY_TWO = new Tile("14 x 2 x 2", 14, SimdTiles::tile14x2);
    private static final Tile EIGHT = new Tile("8 x 2", 8, SimdTiles::tile8x1);
    private static final Tile SIX_BY_TWO = new Tile("6 x 2 x 2", 6, SimdTiles::tile6x2);
    private static final Tile FOUR_BY_TWO = new Tile("4 x 2 x 2", 4, SimdTiles::tile4x2);
    private static final int K = 192;
    private static final int V = FloatVector.SPECIES_PREFERRED.length();
    private static final int WIDTH = 2 * V;
    private static final long ENOUGH_MILLIS = 6_000;
    private static final int ROUNDS = 30;

    static SimdTileChoice ofThisProcess() {
        return OfThisProcess.CHOICE;
    }

    /** The trial is made when this class is first used. */
    private static final class OfThisProcess {
        static final SimdTileChoice CHOICE = among(candidates());
    }

    private static SimdTileChoice among(List<Tile> tiles) {
        CompilerDirective.install();
        long start = System.nanoTime();
        boolean optimizes = Jvm.current().optimizes();
        long patience = optimizes ? KernelCheck.PATIENCE_MILLIS : 0;
        List<KernelTrial> trials = trials(tiles);
        List<KernelTrial> all = new ArrayList<>(trials);
        if (SimdTranspose.isSupported()) {
            all.add(transposition());
        }
        long millis;
        do {
            all.stream().filter(trial -> !trial.isSettled()).forEach(KernelTrial::burst);
            millis = (System.nanoTime() - start) / 1_000_000;
        } while (millis < patience && !all.stream().allMatch(KernelTrial::isSettled) && !isEnough(trials, millis));
        int best = fastest(trials, optimizes ? ROUNDS : 1);
        KernelCheck check = KernelCheck.of(trials.get(best).best(), WIDTH, millis);
        return new SimdTileChoice(tiles.get(best), KernelCheck.warned(check));
    }

    /** By the sum of rates over rounds in which all take turns: what a neighbour takes of the core, it then takes from all. */
    private static int fastest(List<KernelTrial> trials, int rounds) {
        double[] sums = new double[trials.size()];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += trials.get(i).burst();
            }
        }
        int best = 0;
        for (int i = 1; i < sums.length; i++) {
            best = sums[i] > sums[best] ? i : best;
        }
        return best;
    }

    /** True if one is as fast as it gets and the others have had their time. */
    private static boolean isEnough(List<KernelTrial> trials, long millis) {
        return millis > ENOUGH_MILLIS && trials.stream().anyMatch(KernelTrial::isSettled);
    }

    /** On values that stay in the first-level cache, the same for all, since some places in memory are faster; some of the tiles are not full. */
    private static List<KernelTrial> trials(List<Tile> tiles) {
        float[] a = filled(WIDTH * K);
        float[] b = filled(WIDTH * K);
        float[] c = new float[WIDTH * WIDTH];
        float[] start = new float[WIDTH];
        return tiles.stream()
                .map(tile -> new KernelTrial(2.0 * K * WIDTH * tile.rows(), KernelCheck.leastGigaflops(WIDTH), run -> {
                    int rows = (run & 63) == 63 ? 1 : tile.rows();
                    tile.kernel().run(a, 0, b, 0, start, 0, 0, c, 0, WIDTH, K, rows);
                }))
                .toList();
    }

    private static KernelTrial transposition() {
        float[] rows = filled(SimdTranspose.ROWS * K);
        float[] panel = new float[WIDTH * K];
        return new KernelTrial(
                rows.length, SimdTranspose.LEAST_PER_NANO, run -> SimdTranspose.toColumns(panel, 0, rows, 0, K, K));
    }

    private static float[] filled(int n) {
        float[] values = new float[n];
        Arrays.fill(values, 1e-3f);
        return values;
    }

    /** Tiles that the registers and a panel have room for. */
    static List<Tile> candidates() {
        if (System.getProperty("os.arch", "").startsWith("aarch64")) {
            return List.of(EIGHT, FOUR_BY_TWO);
        }
        return V == 16 ? List.of(TALL_BY_TWO, TALL) : List.of(SIX_BY_TWO, FOUR_BY_TWO);
    }

    /** Every tile that a panel has room for, those for other processors too. */
    static List<Tile> all() {
        return Stream.of(TALL, TALL_BY_TWO, EIGHT, SIX_BY_TWO, FOUR_BY_TWO)
                .filter(tile -> tile.rows() <= WIDTH)
                .toList();
    }
}
