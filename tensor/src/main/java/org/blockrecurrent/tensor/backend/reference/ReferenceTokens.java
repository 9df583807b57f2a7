package org.blockrecurrent.tensor.backend.reference;

import static org.blockrecurrent.tensor.backend.reference.ReferenceStorage.values;

import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Into;
import org.blockrecurrent.tensor.backend.TokenKernels;

final class ReferenceTokens implements TokenKernels {
    @Override
    public void patchify(Tensor y, Tensor images, int patchSize) {
        double[] yValues = values(y);
        double[] pixels = values(images);
        for (int i = 0; i < pixels.length; i++) {
            yValues[inPatches(i, images.shape(), patchSize)] = pixels[i];
        }
    }

    @Override
    public void patchifyBackward(Into dimages, Tensor dy, int patchSize) {
        Target target = Target.of(dimages);
        double[] dyValues = values(dy);
        for (int i = 0; i < dyValues.length; i++) {
            target.put(i, dyValues[inPatches(i, dimages.tensor().shape(), patchSize)]);
        }
    }

    /** Where pixel i of images (B, C, height, width) stands in (B, height/p, width/p, C, p, p). */
    private static int inPatches(int i, Shape images, int p) {
        int channels = images.dim(1);
        int height = images.dim(2);
        int width = images.dim(3);
        int column = i % width;
        int row = i / width % height;
        int channel = i / (width * height) % channels;
        int image = i / (width * height * channels);
        int patch = (image * (height / p) + row / p) * (width / p) + column / p;
        return ((patch * channels + channel) * p + row % p) * p + column % p;
    }

    @Override
    public void copyTokens(Tensor y, int yFrom, Tensor x, int xFrom, int count) {
        int D = y.dim(2);
        for (int image = 0; image < y.dim(0); image++) {
            int xImage = x.dim(0) == 1 ? 0 : image;
            int xStart = (xImage * x.dim(1) + xFrom) * D;
            int yStart = (image * y.dim(1) + yFrom) * D;
            System.arraycopy(values(x), xStart, values(y), yStart, count * D);
        }
    }

    @Override
    public void copyTokensBackward(Into dx, int xFrom, Tensor dy, int yFrom, int count) {
        int D = dy.dim(2);
        int xTokens = dx.tensor().dim(1);
        double[] dyValues = values(dy);
        double[] gradient = new double[dx.tensor().size()];
        for (int image = 0; image < dy.dim(0); image++) {
            int xImage = dx.tensor().dim(0) == 1 ? 0 : image;
            int xStart = (xImage * xTokens + xFrom) * D;
            int yStart = (image * dy.dim(1) + yFrom) * D;
            for (int i = 0; i < count * D; i++) {
                gradient[xStart + i] += dyValues[yStart + i];
            }
        }
        Target.of(dx).putAll(gradient);
    }

    @Override
    public void scaleChannels(Into y, Tensor x, Tensor scale) {
        Target target = Target.of(y);
        double[] xValues = values(x);
        double[] scaleValues = values(scale);
        for (int i = 0; i < xValues.length; i++) {
            target.put(i, scaleValues[inGroup(i, x.shape(), scale.dim(0))] * xValues[i]);
        }
    }

    @Override
    public void scaleChannelsBackward(Into dscale, Tensor dy, Tensor x) {
        double[] dyValues = values(dy);
        double[] xValues = values(x);
        double[] sums = new double[dscale.tensor().size()];
        for (int i = 0; i < xValues.length; i++) {
            sums[inGroup(i, x.shape(), dscale.tensor().dim(0))] += dyValues[i] * xValues[i];
        }
        Target.of(dscale).putAll(sums);
    }

    /** Where the scale of element i of x stands in (G, D). */
    private static int inGroup(int i, Shape x, int groups) {
        int D = x.last();
        int rowsPerGroup = x.rows() / groups;
        return i / D / rowsPerGroup * D + i % D;
    }
}
