package org.blockrecurrent.tensor.backend.vector;

/** The activations in plain loops. */
final class ScalarActivations {
    private ScalarActivations() {}

    static void gelu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.gelu(x[x0 + i]);
        }
    }

    static void geluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = ScalarMath.geluDerivative(x[x0 + i]) * dy[dy0 + i];
        }
    }

    static void geluTanh(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.geluTanh(x[x0 + i]);
        }
    }

    static void geluTanhBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = ScalarMath.geluTanhDerivative(x[x0 + i]) * dy[dy0 + i];
        }
    }

    static void quickGelu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.quickGelu(x[x0 + i]);
        }
    }

    static void quickGeluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = ScalarMath.quickGeluDerivative(x[x0 + i]) * dy[dy0 + i];
        }
    }

    static void silu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.sigmoid(x[x0 + i]) * x[x0 + i];
        }
    }

    static void siluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = ScalarMath.siluDerivative(x[x0 + i]) * dy[dy0 + i];
        }
    }

    static void tanh(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            y[y0 + i] = ScalarMath.tanh(x[x0 + i]);
        }
    }

    static void tanhBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = ScalarMath.tanhDerivative(x[x0 + i]) * dy[dy0 + i];
        }
    }
}
