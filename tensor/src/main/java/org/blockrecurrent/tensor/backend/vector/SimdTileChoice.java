package org.blockrecurrent.tensor.backend.vector;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The register tile that is fastest on this processor as this JVM compiles it, found by running all that could be, once in a
 * process and kind. They differ by a factor of three, and another one is ahead on each JDK (see {@link SimdRowTiles}). No result depends
 * on the choice: all tiles round alike.
 *
 * @param check what it does
 */
record SimdTileChoice(Tile tile, KernelCheck check) {
    private static final long ENOUGH_MILLIS = 3_000;

    /** Over A in rows: the choice of this process. */
    static SimdTileChoice overRows() {
        return OfRows.CHOICE;
    }

    /** Over A in strips, which only trainings need: the choice of this process. */
    static SimdTileChoice overStrips() {
        return OfStrips.CHOICE;
    }

    /** The trial is made when this class is first used. */
    private static final class OfRows {
        static final SimdTileChoice CHOICE = among(rowTiles(), false);
    }

    /** The trial is made when this class is first used. */
    private static final class OfStrips {
        static final SimdTileChoice CHOICE = among(stripTiles(), true);
    }

    private static SimdTileChoice among(List<Tile> tiles, boolean strips) {
        CompilerDirective.install();
        long start = System.nanoTime();
        long patience = Jvm.current().optimizes() ? KernelCheck.PATIENCE_MILLIS : 0;
        List<TileTrial> trials =
                tiles.stream().map(tile -> new TileTrial(tile, strips)).toList();
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

    private static boolean hasManyRegisters() {
        int V = FloatVector.SPECIES_PREFERRED.length();
        return V == 16 || V == 4 && System.getProperty("os.arch", "").startsWith("aarch64");
    }

    /** Tiles that the registers have room for. */
    static List<Tile> rowTiles() {
        Tile six = new Tile("6 x 2", 6, SimdRowTiles::tile6x1);
        return hasManyRegisters()
                ? List.of(
                        new Tile("12 x 2", 12, SimdRowTiles::tile12x1),
                        new Tile("12 x 2 x 2", 12, SimdTiles::rows12),
                        six)
                : List.of(
                        six,
                        new Tile("5 x 2", 5, SimdRowTiles::tile5x1),
                        new Tile("4 x 2 x 2", 4, SimdRowTiles::tile4x2));
    }

    /** As {@link #rowTiles}. */
    static List<Tile> stripTiles() {
        Tile six = new Tile("6 x 2", 6, SimdStripTiles::tile6x1);
        return hasManyRegisters()
                ? List.of(
                        new Tile("12 x 2", 12, SimdStripTiles::tile12x1),
                        new Tile("12 x 2 x 2", 12, SimdTiles::strips12),
                        six)
                : List.of(
                        six,
                        new Tile("5 x 2", 5, SimdStripTiles::tile5x1),
                        new Tile("4 x 2", 4, SimdStripTiles::tile4x1));
    }

    /** One tile on trial: bursts on values that stay in the first-level cache. */
    private static final class TileTrial {
        private static final int K = 192;
        private static final long BURST_NANOS = 300_000;
        /** No better for so long: what the compiler still has in its queue is done by then. */
        private static final long SETTLING_NANOS = 250_000_000;

        private final Tile tile;
        private final int width = 2 * FloatVector.SPECIES_PREFERRED.length();
        private final int aRow;
        private final float[] a;
        private final float[] b;
        private final float[] c;
        private double best;
        private long settling = Long.MAX_VALUE;

        TileTrial(Tile tile, boolean strips) {
            this.tile = tile;
            aRow = strips ? 1 : K;
            a = new float[tile.rows() * K];
            b = new float[width * K];
            c = new float[tile.rows() * width];
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
                tile.kernel().run(a, 0, aRow, b, 0, c, 0, width, K, (tiles & 63) == 63 ? 1 : tile.rows());
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
