package org.blockrecurrent.tensor.backend.vector;

/**
 * A rectangle of {@code y = silu(gate) ⊙ up, [gate | up] = u = x Wᵀ + bias}: the same columns of gate and up are computed one
 * after the other and multiplied while both are in the cache. Without u they go to scratch.
 */
record SwiGluChunk(
        Resources resources, float[] x, Panels weight, float[] bias, float[] u, float[] y, int K, int F, int depth) {

    void run(int m0, int m1, int n0, int n1, int member) {
        int columns = n1 - n0;
        boolean kept = u != null;
        float[] to = kept ? u : resources.scratch(member, 0, (m1 - m0) * 2 * columns);
        int row = kept ? 2 * F : 2 * columns;
        int gate = kept ? m0 * row + n0 : 0;
        int up = gate + (kept ? F : columns);
        int width = resources.gemm().width();
        int gatePanel = n0 / width;
        int upPanel = gatePanel + (F + width - 1) / width;
        Workspace workspace = resources.workspace(member);
        for (int k = 0; k < K; k += depth) {
            int steps = Math.min(depth, K - k);
            Strips strips = workspace.strips().ofRows(resources.lanes(), x, m0 * K + k, K, m1 - m0, steps);
            half(strips, k, weight.at(gatePanel, k), n0, columns, to, gate, row, workspace);
            half(strips, k, weight.at(upPanel, k), F + n0, columns, to, up, row, workspace);
        }
        Lanes lanes = resources.lanes();
        for (int m = m0; m < m1; m++, gate += row, up += row) {
            lanes.swiGlu(y, m * F + n0, to, gate, to, up, columns);
        }
    }

    private void half(
            Strips strips, int k, int panel, int n0, int columns, float[] to, int at, int row, Workspace workspace) {
        Start start = k == 0 ? Start.bias(bias, n0) : Start.of(to, at, row);
        resources
                .gemm()
                .multiply(strips, weight.values(), panel, weight.step(), start, to, at, row, columns, workspace);
    }
}
