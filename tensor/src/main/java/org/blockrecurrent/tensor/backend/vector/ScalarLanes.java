package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.backend.Activation;

/**
 * {@link Lanes} in plain loops, which the compiler may turn into vector instructions as it sees fit: what remains where
 * {@code jdk.incubator.vector} is missing, and the ends of ranges elsewhere.
 */
final class ScalarLanes implements Lanes {
    private static final int PANEL_WIDTH = 64;
    private static final int TILE_ROWS = 4;
    private static final int STEPS = 64;

    private final Tile tile = new Tile(TILE_ROWS + " x " + PANEL_WIDTH, TILE_ROWS, this::rowByRow);

    @Override
    public String description() {
        return "plain loops, tile of " + tile.name();
    }

    @Override
    public int panelWidth() {
        return PANEL_WIDTH;
    }

    @Override
    public Tile tile() {
        return tile;
    }

    /** Four steps of k at a time, so that C is loaded and stored once for eight operations. */
    private void rowByRow(
            float[] a,
            int a0,
            float[] b,
            int b0,
            float[] start,
            int s0,
            int sRow,
            float[] c,
            int c0,
            int cRow,
            int K,
            int rows) {
        for (int row = 0; row < rows; row++) {
            int at = c0 + row * cRow;
            System.arraycopy(start, s0 + row * sRow, c, at, PANEL_WIDTH);
            int i = a0 + row;
            int j = b0;
            int k = 0;
            for (; k + 3 < K; k += 4) {
                float x0 = a[i];
                float x1 = a[i + PANEL_WIDTH];
                float x2 = a[i + 2 * PANEL_WIDTH];
                fourSteps(c, at, x0, x1, x2, a[i + 3 * PANEL_WIDTH], b, j);
                i += 4 * PANEL_WIDTH;
                j += 4 * PANEL_WIDTH;
            }
            for (; k < K; k++) {
                scale(c, at, b, j, a[i], PANEL_WIDTH, true);
                i += PANEL_WIDTH;
                j += PANEL_WIDTH;
            }
        }
    }

    @Override
    public void copyRows(float[] to, int at, float[] from, int from0, int stride, int n) {
        for (int k = 0; k < n; k++) {
            System.arraycopy(from, from0 + k * stride, to, at + k * PANEL_WIDTH, PANEL_WIDTH);
        }
    }

    @Override
    public void toColumns(float[] to, int at, float[] from, int from0, int stride, int rows, int n) {
        toColumns(to, at, PANEL_WIDTH, from, from0, stride, rows, n);
    }

    /** For panels of any width; some rows of the panel at a time, so that they stay in the first-level cache. */
    static void toColumns(float[] to, int at, int width, float[] from, int from0, int stride, int rows, int n) {
        for (int first = 0; first < n; first += STEPS) {
            int end = Math.min(n, first + STEPS);
            for (int j = 0; j < rows; j++) {
                int source = from0 + j * stride;
                int target = at + j;
                for (int k = first; k < end; k++) {
                    to[target + k * width] = from[source + k];
                }
            }
        }
    }

    private static void fourSteps(float[] c, int c0, float x0, float x1, float x2, float x3, float[] b, int b0) {
        int b1 = b0 + PANEL_WIDTH;
        int b2 = b1 + PANEL_WIDTH;
        int b3 = b2 + PANEL_WIDTH;
        for (int n = 0; n < PANEL_WIDTH; n++) {
            c[c0 + n] = c[c0 + n] + x0 * b[b0 + n] + x1 * b[b1 + n] + x2 * b[b2 + n] + x3 * b[b3 + n];
        }
    }

    @Override
    public void add(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = a[a0 + i] + b[b0 + i];
        }
    }

    @Override
    public void multiply(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n, boolean add) {
        for (int i = 0; i < n; i++) {
            float result = a[a0 + i] * b[b0 + i];
            y[y0 + i] = add ? result + y[y0 + i] : result;
        }
    }

    @Override
    public void scale(float[] y, int y0, float[] x, int x0, float factor, int n, boolean add) {
        for (int i = 0; i < n; i++) {
            float result = x[x0 + i] * factor;
            y[y0 + i] = add ? result + y[y0 + i] : result;
        }
    }

    @Override
    public void difference(float[] y, int y0, float[] a, int a0, float[] b, int b0, float factor, int n, boolean add) {
        for (int i = 0; i < n; i++) {
            float result = (a[a0 + i] - b[b0 + i]) * factor;
            y[y0 + i] = add ? result + y[y0 + i] : result;
        }
    }

    @Override
    public void multiplyAdd(float[] y, int y0, float[] a, int a0, float[] b, int b0, float[] c, int c0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = Math.fma(b[b0 + i], c[c0 + i], a[a0 + i]);
        }
    }

    @Override
    public void centredProduct(
            float[] y, int y0, float[] p, int p0, float[] x, int x0, float mean, float factor, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = (x[x0 + i] - mean) * factor * p[p0 + i];
        }
    }

    @Override
    public void activation(Activation f, float[] y, int y0, float[] x, int x0, int n) {
        switch (f) {
            case GELU -> ScalarActivations.gelu(y, y0, x, x0, n);
            case GELU_TANH -> ScalarActivations.geluTanh(y, y0, x, x0, n);
            case QUICK_GELU -> ScalarActivations.quickGelu(y, y0, x, x0, n);
            case SILU -> ScalarActivations.silu(y, y0, x, x0, n);
            case TANH -> ScalarActivations.tanh(y, y0, x, x0, n);
        }
    }

    @Override
    public void activationBackward(Activation f, float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        switch (f) {
            case GELU -> ScalarActivations.geluBackward(dx, dx0, dy, dy0, x, x0, n);
            case GELU_TANH -> ScalarActivations.geluTanhBackward(dx, dx0, dy, dy0, x, x0, n);
            case QUICK_GELU -> ScalarActivations.quickGeluBackward(dx, dx0, dy, dy0, x, x0, n);
            case SILU -> ScalarActivations.siluBackward(dx, dx0, dy, dy0, x, x0, n);
            case TANH -> ScalarActivations.tanhBackward(dx, dx0, dy, dy0, x, x0, n);
        }
    }

    @Override
    public void swiGlu(float[] y, int y0, float[] gate, int gate0, float[] up, int up0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.sigmoid(gate[gate0 + i]) * gate[gate0 + i] * up[up0 + i];
        }
    }

    @Override
    public float sum(float[] x, int x0, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = sum + x[x0 + i];
        }
        return sum;
    }

    @Override
    public float dot(float[] a, int a0, float[] b, int b0, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = Math.fma(a[a0 + i], b[b0 + i], sum);
        }
        return sum;
    }

    @Override
    public float squaredDeviation(float[] x, int x0, float mean, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ScalarMath.square(x[x0 + i] - mean, sum);
        }
        return sum;
    }

    @Override
    public float squaredDistance(float[] a, int a0, float[] b, int b0, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum = ScalarMath.square(a[a0 + i] - b[b0 + i], sum);
        }
        return sum;
    }

    @Override
    public float max(float[] x, int x0, int n) {
        float sum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            sum = Math.max(sum, x[x0 + i]);
        }
        return sum;
    }

    @Override
    public float exp(float[] y, int y0, float[] x, int x0, float factor, float shift, int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            float e = ScalarMath.exp(Math.fma(x[x0 + i], factor, -shift));
            y[y0 + i] = e;
            sum += e;
        }
        return sum;
    }

    @Override
    public void swiGluBackward(
            float[] dx, int dgate0, int dup0, float[] dy, int dy0, float[] x, int gate0, int up0, int n) {
        for (int i = 0; i < n; i++) {
            float gate = x[gate0 + i];
            float sigmoid = ScalarMath.sigmoid(gate);
            float silu = sigmoid * gate;
            float up = x[up0 + i];
            float dyi = dy[dy0 + i];
            dx[dup0 + i] = silu * dyi;
            dx[dgate0 + i] = Math.fma(silu, 1 - sigmoid, sigmoid) * up * dyi;
        }
    }

    @Override
    public void normalize(
            float[] y, int y0, float[] x, int x0, float mean, float rstd, float[] weight, float[] bias, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = Math.fma((x[x0 + i] - mean) * rstd, weight[i], bias[i]);
        }
    }

    @Override
    public void normalizeBackward(
            float[] dx,
            int dx0,
            boolean add,
            float[] sums,
            int sums0,
            float[] dy,
            int dy0,
            float[] x,
            int x0,
            float mean,
            float rstd,
            float[] weight,
            int n) {
        float sumG = 0;
        float sumGXhat = 0;
        for (int i = 0; i < n; i++) {
            float xhat = (x[x0 + i] - mean) * rstd;
            sumG += dy[dy0 + i] * weight[i];
            sumGXhat = Math.fma(dy[dy0 + i] * weight[i], xhat, sumGXhat);
            if (sums != null) {
                sums[sums0 + i] = Math.fma(dy[dy0 + i], xhat, sums[sums0 + i]);
                sums[sums0 + n + i] += dy[dy0 + i];
            }
        }
        for (int i = 0; dx != null && i < n; i++) {
            float xhat = (x[x0 + i] - mean) * rstd;
            float result = (dy[dy0 + i] * weight[i] - sumG / n - xhat * (sumGXhat / n)) * rstd;
            dx[dx0 + i] = add ? result + dx[dx0 + i] : result;
        }
    }

    @Override
    public void adamW(float[] p, float[] g, float[] m, float[] v, int from, int n, AdamStep step) {
        for (int i = from; i < from + n; i++) {
            ScalarMath.adamW(p, g, m, v, i, step);
        }
    }
}
