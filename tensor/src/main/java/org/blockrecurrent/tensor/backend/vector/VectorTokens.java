package org.blockrecurrent.tensor.backend.vector;

import static org.blockrecurrent.tensor.backend.vector.HeapStorage.read;
import static org.blockrecurrent.tensor.backend.vector.HeapStorage.written;

import java.util.Arrays;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.TokenKernels;

/** Copies of runs of tokens and of pixels, image by image. */
final class VectorTokens implements TokenKernels {
    private final Resources resources;
    private final Lanes lanes;

    VectorTokens(Resources resources) {
        this.resources = resources;
        this.lanes = resources.lanes();
    }

    @Override
    public void patchify(Tensor y, Tensor images, int patchSize) {
        float[] yv = written(y);
        float[] pixels = read(images);
        PatchRuns runs = PatchRuns.of(images, patchSize);
        resources.rows(
                images.dim(0),
                runs.imageSize(),
                (from, to) -> runs.forEach(
                        from, to, (patch, image) -> System.arraycopy(pixels, image, yv, patch, patchSize)));
    }

    @Override
    public void patchifyBackward(Into dimages, Tensor dy, int patchSize) {
        if (dimages == null) {
            return;
        }
        float[] dpixels = written(dimages.tensor());
        float[] dyv = read(dy);
        PatchRuns runs = PatchRuns.of(dimages.tensor(), patchSize);
        resources.rows(
                dimages.tensor().dim(0),
                runs.imageSize(),
                (from, to) -> runs.forEach(
                        from,
                        to,
                        (patch, image) -> lanes.scale(dpixels, image, dyv, patch, 1, patchSize, dimages.add())));
    }

    @Override
    public void copyTokens(Tensor y, int yFrom, Tensor x, int xFrom, int count) {
        int D = y.dim(2);
        int yImage = y.dim(1) * D;
        int xImage = x.dim(0) == 1 ? 0 : x.dim(1) * D;
        float[] yv = written(y);
        float[] xv = read(x);
        resources.rows(y.dim(0), count * D, (from, to) -> {
            for (int b = from; b < to; b++) {
                System.arraycopy(xv, b * xImage + xFrom * D, yv, b * yImage + yFrom * D, count * D);
            }
        });
    }

    @Override
    public void copyTokensBackward(Into dx, int xFrom, Tensor dy, int yFrom, int count) {
        if (dx == null) {
            return;
        }
        float[] dxv = written(dx.tensor());
        if (!dx.add()) {
            clearOutside(dx.tensor(), dxv, xFrom, count);
        }
        float[] dyv = read(dy);
        int D = dy.dim(2);
        int yImage = dy.dim(1) * D;
        int xImage = dx.tensor().dim(1) * D;
        if (dx.tensor().dim(0) == dy.dim(0)) {
            resources.rows(dy.dim(0), count * D, (from, to) -> {
                for (int b = from; b < to; b++) {
                    lanes.scale(dxv, b * xImage + xFrom * D, dyv, b * yImage + yFrom * D, 1, count * D, dx.add());
                }
            });
        } else {
            sumOverBatch(dxv, xFrom * D, dx.add(), dyv, yFrom * D, yImage, dy.dim(0), count * D);
        }
    }

    /** One repeated entry: each range of its channels is summed over the batch, image after image. */
    private void sumOverBatch(float[] dx, int dx0, boolean add, float[] dy, int dy0, int yImage, int B, int n) {
        resources.elements(n, (from, to) -> {
            for (int b = 0; b < B; b++) {
                lanes.scale(dx, dx0 + from, dy, dy0 + b * yImage + from, 1, to - from, add || b > 0);
            }
        });
    }

    private static void clearOutside(Tensor dx, float[] values, int from, int count) {
        int N = dx.dim(1);
        int D = dx.dim(2);
        for (int b = 0; b < dx.dim(0); b++) {
            int image = b * N * D;
            Arrays.fill(values, image, image + from * D, 0);
            Arrays.fill(values, image + (from + count) * D, image + N * D, 0);
        }
    }

    @Override
    public void scaleChannels(Into y, Tensor x, Tensor scale) {
        if (y == null) {
            return;
        }
        int D = x.shape().last();
        int group = Math.max(1, x.shape().rows() / scale.dim(0));
        float[] yv = written(y.tensor());
        float[] xv = read(x);
        float[] sv = read(scale);
        resources.rows(x.shape().rows(), D, (from, to) -> {
            for (int row = from; row < to; row++) {
                lanes.multiply(yv, row * D, xv, row * D, sv, row / group * D, D, y.add());
            }
        });
    }

    @Override
    public void scaleChannelsBackward(Into dscale, Tensor dy, Tensor x) {
        if (dscale == null) {
            return;
        }
        int G = dscale.tensor().dim(0);
        ColumnSums.sum(
                resources,
                written(dscale.tensor()),
                dscale.add(),
                G,
                x.shape().rows() / G,
                x.shape().last(),
                read(dy),
                read(x));
    }
}
