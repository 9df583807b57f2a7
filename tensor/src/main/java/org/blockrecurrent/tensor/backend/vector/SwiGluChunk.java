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
        int upPanels = (F + width - 1) / width * weight.step();
        half(m0, m1, n0, columns, n0 / width * weight.step(), to, gate, row, member);
        half(m0, m1, F + n0, columns, n0 / width * weight.step() + upPanels, to, up, row, member);
        Lanes lanes = resources.lanes();
        for (int m = m0; m < m1; m++, gate += row, up += row) {
            lanes.swiGlu(y, m * F + n0, to, gate, to, up, columns);
        }
    }

    private void half(int m0, int m1, int n0, int columns, int panel, float[] to, int at, int row, int member) {
        resources
                .gemm()
                .multiply(
                        x,
                        m0 * K,
                        K,
                        weight.values(),
                        panel,
                        weight.step(),
                        Start.bias(bias, n0),
                        to,
                        at,
                        row,
                        m1 - m0,
                        columns,
                        K,
                        depth,
                        resources.edge(member));
    }
}
