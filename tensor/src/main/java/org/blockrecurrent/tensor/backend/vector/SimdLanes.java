package org.blockrecurrent.tensor.backend.vector;

import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.blockrecurrent.tensor.backend.Activation;

/**
 * {@link Lanes} in vectors of the preferred width. With {@link SimdTiles}, {@link SimdActivations} and {@link SimdMath} the only code that touches
 * {@code jdk.incubator.vector}: it can be loaded only where that module is.
 *
 * <p>What is left of a range after the last full vector is done by {@link ScalarLanes}, whose elementwise formulas round
 * exactly as the vector ones do. Sums are written {@code x.add(total)}: the compiler knows the class of what was just loaded
 * or computed, but not that of a variable which comes around a loop, and a call on the latter may stay a call. The long
 * formulas have no variant that adds to its output, for the reason that {@link SimdMath} gives.
 */
final class SimdLanes implements Lanes {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();
    private static final int PANEL = 2 * V;
    private final ScalarLanes rest = new ScalarLanes();
    private final Tile tile;

    SimdLanes() {
        this(SimdTileChoice.ofThisProcess().tile());
    }

    /** With a tile of a choice: results are the same. */
    SimdLanes(Tile tile) {
        this.tile = tile;
    }

    /** The width of the vectors that this JVM prefers on this processor. */
    static int vectorBits() {
        return S.vectorBitSize();
    }

    @Override
    public String description() {
        return "vectors of " + V + " floats, tile of " + tile.name() + " vectors";
    }

    @Override
    public int panelWidth() {
        return PANEL;
    }

    @Override
    public Tile tile() {
        return tile;
    }

    @Override
    public void copyRows(float[] to, int at, float[] from, int from0, int stride, int n) {
        for (int k = 0; k < n; k++) {
            int source = from0 + k * stride;
            int target = at + k * PANEL;
            FloatVector.fromArray(S, from, source).intoArray(to, target);
            FloatVector.fromArray(S, from, source + V).intoArray(to, target + V);
        }
    }

    @Override
    public void toColumns(float[] to, int at, float[] from, int from0, int stride, int rows, int n) {
        int height = SimdTranspose.ROWS;
        int blocks =
                !SimdTranspose.isSupported() || rows < height ? 0 : n / SimdTranspose.COLUMNS * SimdTranspose.COLUMNS;
        if (blocks > 0) {
            for (int j = 0; j < rows; j += height) {
                int row = Math.min(j, rows - height);
                SimdTranspose.toColumns(to, at + row, from, from0 + row * stride, stride, blocks);
            }
        }
        ScalarLanes.toColumns(to, at + blocks * PANEL, PANEL, from, from0 + blocks, stride, rows, n - blocks);
    }

    @Override
    public void add(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            av.add(bv).intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.add(y, y0 + i, a, a0 + i, b, b0 + i, n - i);
        }
    }

    @Override
    public void multiply(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n, boolean add) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            FloatVector result = av.mul(bv);
            if (add) {
                result = result.add(FloatVector.fromArray(S, y, y0 + i));
            }
            result.intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.multiply(y, y0 + i, a, a0 + i, b, b0 + i, n - i, add);
        }
    }

    @Override
    public void scale(float[] y, int y0, float[] x, int x0, float factor, int n, boolean add) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            FloatVector result = xv.mul(factor);
            if (add) {
                result = result.add(FloatVector.fromArray(S, y, y0 + i));
            }
            result.intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.scale(y, y0 + i, x, x0 + i, factor, n - i, add);
        }
    }

    @Override
    public void difference(float[] y, int y0, float[] a, int a0, float[] b, int b0, float factor, int n, boolean add) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            FloatVector result = av.sub(bv).mul(factor);
            if (add) {
                result = result.add(FloatVector.fromArray(S, y, y0 + i));
            }
            result.intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.difference(y, y0 + i, a, a0 + i, b, b0 + i, factor, n - i, add);
        }
    }

    @Override
    public void multiplyAdd(float[] y, int y0, float[] a, int a0, float[] b, int b0, float[] c, int c0, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            FloatVector cv = FloatVector.fromArray(S, c, c0 + i);
            bv.fma(cv, av).intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.multiplyAdd(y, y0 + i, a, a0 + i, b, b0 + i, c, c0 + i, n - i);
        }
    }

    @Override
    public void centredProduct(
            float[] y, int y0, float[] p, int p0, float[] x, int x0, float mean, float factor, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector pv = FloatVector.fromArray(S, p, p0 + i);
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            xv.sub(mean).mul(factor).mul(pv).intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.centredProduct(y, y0 + i, p, p0 + i, x, x0 + i, mean, factor, n - i);
        }
    }

    @Override
    public void activation(Activation f, float[] y, int y0, float[] x, int x0, int n) {
        int bound = S.loopBound(n);
        switch (f) {
            case GELU -> SimdActivations.gelu(y, y0, x, x0, bound);
            case GELU_TANH -> SimdActivations.geluTanh(y, y0, x, x0, bound);
            case QUICK_GELU -> SimdActivations.quickGelu(y, y0, x, x0, bound);
            case SILU -> SimdActivations.silu(y, y0, x, x0, bound);
            case TANH -> ScalarActivations.tanh(y, y0, x, x0, bound);
        }
        if (bound < n) {
            rest.activation(f, y, y0 + bound, x, x0 + bound, n - bound);
        }
    }

    @Override
    public void activationBackward(Activation f, float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        int bound = S.loopBound(n);
        switch (f) {
            case GELU -> SimdActivations.geluBackward(dx, dx0, dy, dy0, x, x0, bound);
            case GELU_TANH -> SimdActivations.geluTanhBackward(dx, dx0, dy, dy0, x, x0, bound);
            case QUICK_GELU -> SimdActivations.quickGeluBackward(dx, dx0, dy, dy0, x, x0, bound);
            case SILU -> SimdActivations.siluBackward(dx, dx0, dy, dy0, x, x0, bound);
            case TANH -> ScalarActivations.tanhBackward(dx, dx0, dy, dy0, x, x0, bound);
        }
        if (bound < n) {
            rest.activationBackward(f, dx, dx0 + bound, dy, dy0 + bound, x, x0 + bound, n - bound);
        }
    }

    @Override
    public void swiGlu(float[] y, int y0, float[] gate, int gate0, float[] up, int up0, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector gatev = FloatVector.fromArray(S, gate, gate0 + i);
            FloatVector upv = FloatVector.fromArray(S, up, up0 + i);
            SimdMath.sigmoid(gatev).mul(gatev).mul(upv).intoArray(y, y0 + i);
        }
        if (i < n) {
            rest.swiGlu(y, y0 + i, gate, gate0 + i, up, up0 + i, n - i);
        }
    }

    @Override
    public float sum(float[] x, int x0, int n) {
        int bound = S.loopBound(n);
        FloatVector total = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            total = xv.add(total);
        }
        float result = SimdMath.sum(total);
        return i < n ? result + rest.sum(x, x0 + i, n - i) : result;
    }

    @Override
    public float dot(float[] a, int a0, float[] b, int b0, int n) {
        int bound = S.loopBound(n);
        FloatVector total = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            total = av.fma(bv, total);
        }
        float result = SimdMath.sum(total);
        return i < n ? result + rest.dot(a, a0 + i, b, b0 + i, n - i) : result;
    }

    @Override
    public float squaredDeviation(float[] x, int x0, float mean, int n) {
        int bound = S.loopBound(n);
        FloatVector total = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            FloatVector difference = xv.sub(mean);
            total = difference.fma(difference, total);
        }
        float result = SimdMath.sum(total);
        return i < n ? result + rest.squaredDeviation(x, x0 + i, mean, n - i) : result;
    }

    @Override
    public float squaredDistance(float[] a, int a0, float[] b, int b0, int n) {
        int bound = S.loopBound(n);
        FloatVector total = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector av = FloatVector.fromArray(S, a, a0 + i);
            FloatVector bv = FloatVector.fromArray(S, b, b0 + i);
            FloatVector difference = av.sub(bv);
            total = difference.fma(difference, total);
        }
        float result = SimdMath.sum(total);
        return i < n ? result + rest.squaredDistance(a, a0 + i, b, b0 + i, n - i) : result;
    }

    @Override
    public float max(float[] x, int x0, int n) {
        int bound = S.loopBound(n);
        FloatVector total = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            total = xv.max(total);
        }
        float result = total.reduceLanes(MAX);
        return i < n ? Math.max(result, rest.max(x, x0 + i, n - i)) : result;
    }

    @Override
    public float exp(float[] y, int y0, float[] x, int x0, float factor, float shift, int n) {
        int bound = S.loopBound(n);
        FloatVector factors = FloatVector.broadcast(S, factor);
        FloatVector shifts = FloatVector.broadcast(S, -shift);
        FloatVector total = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector e = SimdMath.exp(FloatVector.fromArray(S, x, x0 + i).fma(factors, shifts));
            e.intoArray(y, y0 + i);
            total = e.add(total);
        }
        float sum = SimdMath.sum(total);
        return i < n ? sum + rest.exp(y, y0 + i, x, x0 + i, factor, shift, n - i) : sum;
    }

    @Override
    public void swiGluBackward(
            float[] dx, int dgate0, int dup0, float[] dy, int dy0, float[] x, int gate0, int up0, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector gate = FloatVector.fromArray(S, x, gate0 + i);
            FloatVector sigmoid = SimdMath.sigmoid(gate);
            FloatVector silu = sigmoid.mul(gate);
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            silu.mul(dyv).intoArray(dx, dup0 + i);
            FloatVector up = FloatVector.fromArray(S, x, up0 + i);
            silu.fma(SimdMath.ONE.sub(sigmoid), sigmoid).mul(up).mul(dyv).intoArray(dx, dgate0 + i);
        }
        if (i < n) {
            rest.swiGluBackward(dx, dgate0 + i, dup0 + i, dy, dy0 + i, x, gate0 + i, up0 + i, n - i);
        }
    }

    @Override
    public void normalize(
            float[] y, int y0, float[] x, int x0, float mean, float rstd, float[] weight, float[] bias, int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xhat = FloatVector.fromArray(S, x, x0 + i).sub(mean).mul(rstd);
            xhat.fma(FloatVector.fromArray(S, weight, i), FloatVector.fromArray(S, bias, i))
                    .intoArray(y, y0 + i);
        }
        for (; i < n; i++) {
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
        int bound = S.loopBound(n);
        FloatVector sumG = FloatVector.zero(S);
        FloatVector sumGXhat = FloatVector.zero(S);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector xhat = FloatVector.fromArray(S, x, x0 + i).sub(mean).mul(rstd);
            FloatVector g = dyv.mul(FloatVector.fromArray(S, weight, i));
            sumG = g.add(sumG);
            sumGXhat = g.fma(xhat, sumGXhat);
            if (sums != null) {
                dyv.fma(xhat, FloatVector.fromArray(S, sums, sums0 + i)).intoArray(sums, sums0 + i);
                dyv.add(FloatVector.fromArray(S, sums, sums0 + n + i)).intoArray(sums, sums0 + n + i);
            }
        }
        float g = SimdMath.sum(sumG);
        float gXhat = SimdMath.sum(sumGXhat);
        for (; i < n; i++) {
            float xhat = (x[x0 + i] - mean) * rstd;
            g += dy[dy0 + i] * weight[i];
            gXhat = Math.fma(dy[dy0 + i] * weight[i], xhat, gXhat);
            if (sums != null) {
                sums[sums0 + i] = Math.fma(dy[dy0 + i], xhat, sums[sums0 + i]);
                sums[sums0 + n + i] += dy[dy0 + i];
            }
        }
        if (dx != null) {
            inputGradient(dx, dx0, add, dy, dy0, x, x0, mean, rstd, weight, g / n, gXhat / n, n);
        }
    }

    private static void inputGradient(
            float[] dx,
            int dx0,
            boolean add,
            float[] dy,
            int dy0,
            float[] x,
            int x0,
            float mean,
            float rstd,
            float[] weight,
            float meanG,
            float meanGXhat,
            int n) {
        int bound = S.loopBound(n);
        int i = 0;
        for (; i < bound; i += V) {
            FloatVector xhat = FloatVector.fromArray(S, x, x0 + i).sub(mean).mul(rstd);
            FloatVector g = FloatVector.fromArray(S, dy, dy0 + i).mul(FloatVector.fromArray(S, weight, i));
            FloatVector result = g.sub(meanG).sub(xhat.mul(meanGXhat)).mul(rstd);
            if (add) {
                result = result.add(FloatVector.fromArray(S, dx, dx0 + i));
            }
            result.intoArray(dx, dx0 + i);
        }
        for (; i < n; i++) {
            float xhat = (x[x0 + i] - mean) * rstd;
            float result = (dy[dy0 + i] * weight[i] - meanG - xhat * meanGXhat) * rstd;
            dx[dx0 + i] = add ? result + dx[dx0 + i] : result;
        }
    }

    @Override
    public void adamW(float[] p, float[] g, float[] m, float[] v, int from, int n, AdamStep step) {
        FloatVector beta1 = FloatVector.broadcast(S, step.beta1());
        FloatVector beta2 = FloatVector.broadcast(S, step.beta2());
        FloatVector correction = FloatVector.broadcast(S, step.rootCorrection());
        FloatVector eps = FloatVector.broadcast(S, step.eps());
        FloatVector keep = FloatVector.broadcast(S, step.keep());
        int end = from + S.loopBound(n);
        int i = from;
        for (; i < end; i += V) {
            FloatVector gradient = FloatVector.fromArray(S, g, i).mul(step.clip());
            FloatVector first = FloatVector.fromArray(S, m, i).fma(beta1, gradient.mul(step.rest1()));
            FloatVector second = FloatVector.fromArray(S, v, i)
                    .fma(beta2, gradient.mul(gradient).mul(step.rest2()));
            first.intoArray(m, i);
            second.intoArray(v, i);
            FloatVector move = first.mul(step.rate()).div(second.sqrt().fma(correction, eps));
            FloatVector.fromArray(S, p, i).mul(keep).sub(move).intoArray(p, i);
        }
        if (i < from + n) {
            rest.adamW(p, g, m, v, i, from + n - i, step);
        }
    }
}
