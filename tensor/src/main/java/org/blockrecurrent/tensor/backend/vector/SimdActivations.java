package org.blockrecurrent.tensor.backend.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The activations over whole vectors: {@code n} is a multiple of the vector's length. */
final class SimdActivations {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int V = S.length();

    private SimdActivations() {}

    static void gelu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.gelu(xv).intoArray(y, y0 + i);
        }
    }

    static void geluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.geluDerivative(xv).mul(dyv).intoArray(dx, dx0 + i);
        }
    }

    static void geluTanh(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.geluTanh(xv).intoArray(y, y0 + i);
        }
    }

    static void geluTanhBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.geluTanhDerivative(xv).mul(dyv).intoArray(dx, dx0 + i);
        }
    }

    static void quickGelu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.quickGelu(xv).intoArray(y, y0 + i);
        }
    }

    static void quickGeluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.quickGeluDerivative(xv).mul(dyv).intoArray(dx, dx0 + i);
        }
    }

    static void silu(float[] y, int y0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.sigmoid(xv).mul(xv).intoArray(y, y0 + i);
        }
    }

    static void siluBackward(float[] dx, int dx0, float[] dy, int dy0, float[] x, int x0, int n) {
        for (int i = 0; i < n; i += V) {
            FloatVector dyv = FloatVector.fromArray(S, dy, dy0 + i);
            FloatVector xv = FloatVector.fromArray(S, x, x0 + i);
            SimdMath.siluDerivative(xv).mul(dyv).intoArray(dx, dx0 + i);
        }
    }
}
