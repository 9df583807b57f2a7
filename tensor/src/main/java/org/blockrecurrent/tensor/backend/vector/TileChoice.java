package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The register tiles that are fastest on this processor as this JVM compiles them, found by running all that could be, once in a
 * process. They differ by a factor of three, and another one is ahead on each JDK (see {@link RowTiles}). No result depends on
 * the choice: all tiles round alike.
 *
 * @param rows over A in rows
 * @param strips over A in strips
 * @param check what the tile over rows does
 */
record TileChoice(Tile rows, Tile strips, KernelCheck check) {
    /** When each kind has a tile that is compiled, the others get until so many milliseconds after the start. */
    private static final long ENOUGH_MILLIS = 1_500;

    /** The choice of this process. */
    static TileChoice measured() {
        return Once.CHOICE;
    }

    /** The measurement is made when this class is first used. */
    private static final class Once {
        static final TileChoice CHOICE = choose();
    }

    private static TileChoice choose() {
        CompilerDirective.install();
        long start = System.nanoTime();
        List<TileTrial> rows = trials(overRows(), false);
        List<TileTrial> strips = trials(overStrips(), true);
        List<TileTrial> all = new ArrayList<>(rows);
        all.addAll(strips);
        long millis;
        do {
            all.stream().filter(trial -> !trial.isSettled()).forEach(TileTrial::burst);
            millis = (System.nanoTime() - start) / 1_000_000;
        } while (goesOn(rows, strips, millis));
        TileTrial best = best(rows);
        KernelCheck check = KernelCheck.warned(KernelCheck.of(best.gigaflops(), millis));
        return new TileChoice(best.tile(), best(strips).tile(), check);
    }

    private static boolean goesOn(List<TileTrial> rows, List<TileTrial> strips, long millis) {
        boolean all =
                rows.stream().allMatch(TileTrial::isSettled) && strips.stream().allMatch(TileTrial::isSettled);
        boolean each =
                rows.stream().anyMatch(TileTrial::isSettled) && strips.stream().anyMatch(TileTrial::isSettled);
        long patience = Jvm.current().optimizes() ? KernelCheck.PATIENCE_MILLIS : 0;
        return !all && millis < (each ? ENOUGH_MILLIS : patience);
    }

    private static List<TileTrial> trials(List<Tile> tiles, boolean strips) {
        return tiles.stream().map(tile -> new TileTrial(tile, strips)).toList();
    }

    private static TileTrial best(List<TileTrial> trials) {
        return trials.stream()
                .max(Comparator.comparingDouble(TileTrial::gigaflops))
                .orElseThrow();
    }

    private static boolean hasManyRegisters() {
        int V = FloatVector.SPECIES_PREFERRED.length();
        return V == 16 || V == 4 && System.getProperty("os.arch", "").startsWith("aarch64");
    }

    /** Tiles that the registers have room for. */
    static List<Tile> overRows() {
        Tile wide = new Tile("12 x 2", 12, SimdTiles::rows12);
        Tile plain = new Tile("6 x 2", 6, SimdTiles::rows6);
        Tile six = new Tile("6 x 2, simple", 6, RowTiles::tile6x1);
        return hasManyRegisters()
                ? List.of(wide, new Tile("12 x 2, simple", 12, RowTiles::tile12x1), six)
                : List.of(
                        plain,
                        six,
                        new Tile("5 x 2, simple", 5, RowTiles::tile5x1),
                        new Tile("4 x 2, simple", 4, RowTiles::tile4x2));
    }

    /** As {@link #overRows}. */
    static List<Tile> overStrips() {
        Tile wide = new Tile("12 x 2", 12, SimdTiles::strips12);
        Tile plain = new Tile("6 x 2", 6, SimdTiles::strips6);
        Tile six = new Tile("6 x 2, simple", 6, StripTiles::tile6x1);
        return hasManyRegisters()
                ? List.of(wide, new Tile("12 x 2, simple", 12, StripTiles::tile12x1), six)
                : List.of(
                        plain,
                        six,
                        new Tile("5 x 2, simple", 5, StripTiles::tile5x1),
                        new Tile("4 x 2, simple", 4, StripTiles::tile4x1));
    }

    /** One tile on trial: bursts on values that stay in the first-level cache. */
    private static final class TileTrial {
        private static final int K = 192;
        private static final long BURST_NANOS = 300_000;

        private final Tile tile;
        private final int width = 2 * FloatVector.SPECIES_PREFERRED.length();
        private final int aRow;
        private final float[] a;
        private final float[] b;
        private final float[] c;
        private double best;
        private int unchanged;

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
            return unchanged >= 3;
        }

        void burst() {
            long begin = System.nanoTime();
            long nanos = 0;
            int tiles = 0;
            while (nanos < BURST_NANOS) {
                tile.kernel().run(a, 0, aRow, b, 0, c, 0, width, K, tile.rows());
                nanos = System.nanoTime() - begin;
                tiles++;
            }
            double rate = 2.0 * K * width * tile.rows() * tiles / nanos;
            unchanged = rate > KernelCheck.LEAST_GIGAFLOPS && rate < 1.1 * best ? unchanged + 1 : 0;
            best = Math.max(best, rate);
        }
    }
}
