package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile that is fastest on this processor as this JVM compiles it, found by running all that could be, once in a
 * process. They differ by a factor of three, and another one is ahead on each JDK (see {@link SimdTiles}). No result depends
 * on the choice: all tiles round alike.
 *
 * @param check what it does
 */
record SimdTileChoice(Tile tile, KernelCheck check) {
    private static final Tile TALL = new Tile("12 x 2", 12, SimdTiles::tile12x1);
    private static final Tile TALL_BY_TWO = new Tile("12 x 2 x 2", 12, SimdTiles::tile12x2);
    private static final Tile EIGHT = new Tile("8 x 2", 8, SimdTiles::tile8x1);
    private static final Tile SIX_BY_TWO = new Tile("6 x 2 x 2", 6, SimdTiles::tile6x2);
    private static final Tile FOUR_BY_TWO = new Tile("4 x 2 x 2", 4, SimdTiles::tile4x2);
    private static final long ENOUGH_MILLIS = 3_000;

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
        long patience = Jvm.current().optimizes() ? KernelCheck.PATIENCE_MILLIS : 0;
        List<TileTrial> trials = tiles.stream().map(TileTrial::new).toList();
        long millis;
        do {
            trials.stream().filter(trial -> !trial.isSettled()).forEach(TileTrial::burst);
            millis = (System.nanoTime() - start) / 1_000_000;
        } while (millis < patience && !trials.stream().allMatch(TileTrial::isSettled) && !isEnough(trials, millis));
        TileTrial best = trials.stream()
                .max(Comparator.comparingDouble(TileTrial::gigaflops))
                .orElseThrow();
        return new SimdTileChoice(best.tile(), KernelCheck.warned(KernelCheck.of(best.gigaflops(), millis)));
    }

    /** True if one is as fast as it gets and the others have had their time. */
    private static boolean isEnough(List<TileTrial> trials, long millis) {
        return millis > ENOUGH_MILLIS && trials.stream().anyMatch(TileTrial::isSettled);
    }

    /** Tiles that the registers and a panel have room for. */
    static List<Tile> candidates() {
        if (System.getProperty("os.arch", "").startsWith("aarch64")) {
            return List.of(EIGHT, FOUR_BY_TWO);
        }
        boolean hasManyRegisters = FloatVector.SPECIES_PREFERRED.length() == 16;
        return hasManyRegisters ? List.of(TALL, TALL_BY_TWO, SIX_BY_TWO) : List.of(SIX_BY_TWO, FOUR_BY_TWO);
    }

    /** Every tile that a panel has room for, those for other processors too. */
    static List<Tile> all() {
        int panel = 2 * FloatVector.SPECIES_PREFERRED.length();
        return Stream.of(TALL, TALL_BY_TWO, EIGHT, SIX_BY_TWO, FOUR_BY_TWO)
                .filter(tile -> tile.rows() <= panel)
                .toList();
    }

    /** One tile on trial: bursts on values that stay in the first-level cache. */
    private static final class TileTrial {
        private static final int K = 192;
        private static final long BURST_NANOS = 300_000;
        /** No better for so long: what the compiler still has in its queue is done by then. */
        private static final long SETTLING_NANOS = 100_000_000;

        private final Tile tile;
        private final int width = 2 * FloatVector.SPECIES_PREFERRED.length();
        private final float[] a;
        private final float[] b;
        private final float[] c;
        private final float[] start;
        private double best;
        private long settling = Long.MAX_VALUE;

        TileTrial(Tile tile) {
            this.tile = tile;
            a = new float[width * K];
            b = new float[width * K];
            c = new float[tile.rows() * width];
            start = new float[width];
            Arrays.fill(a, 1e-3f);
            Arrays.fill(b, 1e-3f);
        }

        Tile tile() {
            return tile;
        }

        double gigaflops() {
            return best;
        }

        boolean isSettled() {
            return System.nanoTime() > settling;
        }

        void burst() {
            long begin = System.nanoTime();
            long nanos = 0;
            int tiles = 0;
            while (nanos < BURST_NANOS) {
                int rows = (tiles & 63) == 63 ? 1 : tile.rows();
                tile.kernel().run(a, 0, b, 0, start, 0, 0, c, 0, width, K, rows);
                nanos = System.nanoTime() - begin;
                tiles++;
            }
            double rate = 2.0 * K * width * tile.rows() * tiles / nanos;
            if (rate > KernelCheck.LEAST_GIGAFLOPS && rate > 1.1 * best) {
                settling = System.nanoTime() + SETTLING_NANOS;
            }
            best = Math.max(best, rate);
        }
    }
}
