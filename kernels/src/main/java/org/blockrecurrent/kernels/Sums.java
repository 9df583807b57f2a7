package org.blockrecurrent.kernels;

import java.util.function.UnaryOperator;
import org.blockrecurrent.kernels.driver.CudaLauncher;
import org.blockrecurrent.kernels.driver.Launch;
import org.blockrecurrent.kernels.driver.Scratch;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;

/** Sums on the GPU in at most two launches: of pieces, then of the partial sums (reduce.cu). */
final class Sums {
    private static final int THREADS = 256;
    private static final int LEAST_PIECE = 4096;
    private static final int MOST_PIECES = 1024;
    private static final int ROWS_A_THREAD = 16;
    private static final int MOST_ROW_PIECES = 128;

    private final CudaLauncher cuda;

    Sums(CudaLauncher cuda) {
        this.cuda = cuda;
    }

    /** Adds where values lie to the arguments of a launch: a tensor or scratch memory. */
    @FunctionalInterface
    interface Address extends UnaryOperator<Launch> {}

    /**
     * Columns to be summed over their rows, in each of some groups; in floats from the start of the tensor, where the
     * first row starts and how far apart rows and groups are.
     */
    record Columns(int groups, int rows, int columns, int start, int rowStride, int groupStride) {
        /** All of a matrix. */
        static Columns of(int rows, int columns) {
            return new Columns(1, rows, columns, 0, columns, 0);
        }

        StreamGrid grid() {
            int width = StreamGrid.width(columns, start, rowStride, groupStride);
            return StreamGrid.columns(groups, rows, columns, width);
        }

        /** Pieces of the rows, each summed by blocks of its own: enough to keep a GPU busy, 1 where the columns do. */
        int pieces() {
            StreamGrid grid = grid();
            long byRows = rows / ((long) grid.blockY() * ROWS_A_THREAD);
            long byBlocks = MOST_PIECES / Math.max(1, grid.gridX() * groups);
            return (int) Math.max(1, Math.min(MOST_ROW_PIECES, Math.min(byRows, byBlocks)));
        }
    }

    /** Floats of n that one block sums: a multiple of 4. */
    static int piece(int n, int mostPieces) {
        return (int) Math.max(LEAST_PIECE, 4 * StreamGrid.pieces(n, 4L * mostPieces));
    }

    /** {@code y = factor · Σ} of n floats; 0 of none. */
    void total(Tensor y, Address x, int n, float factor) {
        int piece = piece(n, MOST_PIECES);
        int pieces = (int) StreamGrid.pieces(n, piece);
        if (pieces <= 1) {
            total(1, launch -> launch.output(y), x, n, piece, factor);
            return;
        }
        try (Scratch partial = cuda.scratch(pieces)) {
            total(pieces, launch -> launch.scratch(partial), x, n, piece, 1);
            total(1, launch -> launch.output(y), launch -> launch.scratch(partial), pieces, piece, factor);
        }
    }

    private void total(int blocks, Address y, Address x, int n, int piece, float factor) {
        Launch launch = cuda.launch("reduce", "reduce_sum").grid(blocks).block(THREADS);
        x.apply(y.apply(launch)).i32(n).i32(piece).f32(factor).run();
    }

    /** {@code y (groups, columns) = factor · Σ} over rows of a, or of a ⊙ b if b is not null; 0 of no rows. */
    void columns(Into y, Address a, Tensor b, Columns shape, float factor) {
        if (y != null) {
            columns(launch -> launch.output(y.tensor()), y.add(), a, b, shape, factor);
        }
    }

    void columns(Address y, boolean add, Address a, Tensor b, Columns shape, float factor) {
        int pieces = shape.pieces();
        if (pieces == 1) {
            piecewise(1, y, add, a, b, shape, factor);
            return;
        }
        int width = shape.columns();
        try (Scratch partial = cuda.scratch(shape.groups() * pieces * width)) {
            piecewise(pieces, launch -> launch.scratch(partial), false, a, b, shape, 1);
            Columns rest = new Columns(shape.groups(), pieces, width, 0, width, pieces * width);
            piecewise(1, y, add, launch -> launch.scratch(partial), null, rest, factor);
        }
    }

    private void piecewise(int pieces, Address y, boolean add, Address a, Tensor b, Columns shape, float factor) {
        StreamGrid grid = shape.grid();
        Launch launch = cuda.launch("reduce", "reduce_columns")
                .grid(grid.gridX(), pieces, grid.gridZ())
                .block(grid.blockX(), grid.blockY());
        a.apply(y.apply(launch))
                .tensor(b)
                .i32(shape.groups())
                .i32(shape.rows())
                .i32(shape.columns())
                .i32(shape.start())
                .i32(shape.rowStride())
                .i32(shape.groupStride())
                .i32((int) Math.max(1, StreamGrid.pieces(shape.rows(), pieces)))
                .f32(factor)
                .i32(add ? 1 : 0)
                .run();
    }
}
