package org.blockrecurrent.tensor.backend.vector;

import org.blockrecurrent.tensor.backend.Activation;

/**
 * The primitives in which vector instructions matter, over ranges of float arrays. Blocking, packing, threads and what is
 * fused behind what are written once above this interface.
 *
 * <p>Arguments: the output and its offset, the inputs each with its offset, constants, the count {@code n}. An output may
 * be one of the inputs at the same offset. Every result depends on the values in the range alone; an element's bits do
 * not depend on how a range is cut, as long as cuts are made at multiples of {@link #panelWidth()}. NaN and infinities
 * propagate as in the formulas.
 */
interface Lanes {
    /** Such as {@code 16 floats (S_512_BIT)}. */
    String description();

    /** Columns of a register tile: the width that the right operand of a product is packed to. */
    int panelWidth();

    /** How a register tile of a product is computed. */
    Tile tile();

    /** Rows of a panel: {@code to[at + k·panelWidth + j] = from[from0 + k·stride + j]} for {@code j < panelWidth}, {@code k < n}. */
    void copyRows(float[] to, int at, float[] from, int from0, int stride, int n);

    /** Rows to columns of a panel: {@code to[at + k·panelWidth + j] = from[from0 + j·stride + k]} for {@code j < rows}, {@code k < n}. */
    void toColumns(float[] to, int at, float[] from, int from0, int stride, int rows, int n);

    /** {@code y = a + b}. */
    void add(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n);

    /** {@code y = a ⊙ b}, or {@code y += a ⊙ b} if {@code add}. */
    void multiply(float[] y, int y0, float[] a, int a0, float[] b, int b0, int n, boolean add);

    /** {@code y = factor · x}, or {@code y += factor · x} if {@code add}. */
    void scale(float[] y, int y0, float[] x, int x0, float factor, int n, boolean add);

    /** {@code y = factor · (a − b)}, or {@code +=} if {@code add}. */
    void difference(float[] y, int y0, float[] a, int a0, float[] b, int b0, float factor, int n, boolean add);

    /** {@code y = a + b ⊙ c}. */
    void multiplyAdd(float[] y, int y0, float[] a, int a0, float[] b, int b0, float[] c, int c0, int n);

    /** {@code Σ x}. */
    float sum(float[] x, int x0, int n);

    /** {@code Σ a ⊙ b}. */
    float dot(float[] a, int a0, float[] b, int b0, int n);

    /** {@code Σ (a − b)²}. */
    float squaredDistance(float[] a, int a0, float[] b, int b0, int n);

    /** Largest element; n ≥ 1. */
    float max(float[] x, int x0, int n);

    /** {@code y = exp(factor · x − shift)}; returns {@code Σ y}. The exponential is within 1.011 ulp (see {@link ScalarMath}). */
    float exp(float[] y, int y0, float[] x, int x0, float factor, float shift, int n);

    /** {@code y = factor · p ⊙ (x − mean)}: the derivative of a softmax row. */
    void centredProduct(float[] y, int y0, float[] p, int p0, float[] x, int x0, float mean, float factor, int n);

    /** {@code y = f(x)}; the errors of GELU and of its derivative are in {@link ScalarMath}. */
    void activation(Activation f, float[] y, int y0, float[] x, int x0, int n);

    /** {@code dx = dy ⊙ f′(x)}. */
    void activationBackward(Activation f, float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n);

    /** {@code y = silu(gate) ⊙ up}. */
    void swiGlu(float[] y, int y0, float[] gate, int gate0, float[] up, int up0, int n);

    /** {@code dgate = dy ⊙ up ⊙ silu′(gate)} and {@code dup = dy ⊙ silu(gate)}, two ranges of dx; gate and up, two of x. */
    void swiGluBackward(float[] dx, int dgate0, int dup0, float[] dy, int dy0, float[] x, int gate0, int up0, int n);

    /** {@code y = (x − mean) · rstd ⊙ weight + bias}. */
    void normalize(float[] y, int y0, float[] x, int x0, float mean, float rstd, float[] weight, float[] bias, int n);

    /** {@code Σ (x − mean)²}. */
    float squaredDeviation(float[] x, int x0, float mean, int n);

    /**
     * One row of layer normalization backwards, with {@code x̂ = (x − mean) · rstd} and {@code g = dy ⊙ weight}: {@code dx =
     * rstd · (g − mean(g) − x̂ · mean(g ⊙ x̂))}, added if {@code add}, left out if dx is null; {@code dweight += dy ⊙ x̂} and
     * {@code dbias += dy} at {@code sums0} and {@code sums0 + n} of {@code sums}, left out if that is null.
     */
    void normalizeBackward(
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
            int n);

    /** One run of AdamW; see {@link AdamStep}. */
    void adamW(float[] p, float[] g, float[] m, float[] v, int from, int n, AdamStep step);
}
