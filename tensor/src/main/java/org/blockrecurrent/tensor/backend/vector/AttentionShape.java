package org.blockrecurrent.tensor.backend.vector;

/**
 * Extents and offsets of one attention; a chunk is image · heads + head.
 *
 * @param width columns of a panel
 * @param padded N rounded up to whole panels: the length of a row of scores
 * @param block queries that are treated at a time
 */
record AttentionShape(int B, int N, int D, int heads, int width, int padded, int block) {
    int headDim() {
        return D / heads;
    }

    float scale() {
        return (float) (1 / Math.sqrt(headDim()));
    }

    /** Distance of two tokens of qkv. */
    int rowStride() {
        return 3 * D;
    }

    /** N rounded up to whole vectors. */
    int whole() {
        int vector = width / 2;
        return (N + vector - 1) / vector * vector;
    }

    int queries(int chunk) {
        return chunk / heads * N * rowStride() + chunk % heads * headDim();
    }

    int keys(int chunk) {
        return queries(chunk) + D;
    }

    int values(int chunk) {
        return queries(chunk) + 2 * D;
    }

    /** Of a head's part of y (B, N, D). */
    int output(int chunk) {
        return chunk / heads * N * D + chunk % heads * headDim();
    }
}
