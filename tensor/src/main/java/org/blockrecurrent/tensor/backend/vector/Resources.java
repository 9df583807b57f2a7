package org.blockrecurrent.tensor.backend.vector;

/** What the kernels of one backend share: primitives, threads, memory, and a private workspace for each thread. */
record Resources(Lanes lanes, Gemm gemm, Team team, HeapPool pool, Workspace[] workspaces) {
    /** Elements of a range that one chunk takes: 64 KiB, a few microseconds. A multiple of every panel width. */
    private static final int RANGE = 16 * 1024;
    /** Work below this many elements (or a few hundred times as many flops) is not worth handing over. */
    private static final int INLINE_ELEMENTS = 2 * RANGE;

    private static final long INLINE_FLOPS = 1_000_000;

    static Resources of(Lanes lanes, int threads) {
        Workspace[] workspaces = new Workspace[threads];
        for (int member = 0; member < threads; member++) {
            workspaces[member] = new Workspace();
        }
        return new Resources(lanes, new Gemm(lanes), new Team(threads), new HeapPool(), workspaces);
    }

    /** One contiguous part of a range. */
    @FunctionalInterface
    interface Range {
        void run(int from, int to);
    }

    /** Treats elements 0 … n−1 in parts whose limits follow from n alone. */
    void elements(int n, Range body) {
        if (n <= INLINE_ELEMENTS) {
            body.run(0, n);
        } else {
            team.run(
                    (n + RANGE - 1) / RANGE,
                    (chunk, member) -> body.run(chunk * RANGE, Math.min(n, (chunk + 1) * RANGE)));
        }
    }

    /** Treats rows 0 … rows−1 of {@code width} elements in parts. */
    void rows(int rows, int width, Range body) {
        int perChunk = Math.max(1, RANGE / Math.max(1, width));
        if ((long) rows * width <= INLINE_ELEMENTS) {
            body.run(0, rows);
        } else {
            team.run(
                    (rows + perChunk - 1) / perChunk,
                    (chunk, member) -> body.run(chunk * perChunk, Math.min(rows, (chunk + 1) * perChunk)));
        }
    }

    /** Runs chunks on the team, or here if they are little work together. */
    void chunks(int chunks, long flops, Team.Chunk body) {
        if (flops > INLINE_FLOPS) {
            team.run(chunks, body);
        } else {
            for (int chunk = 0; chunk < chunks; chunk++) {
                body.run(chunk, 0);
            }
        }
    }

    float[] scratch(int member, int slot, int length) {
        return workspaces[member].get(slot, length);
    }

    Workspace workspace(int member) {
        return workspaces[member];
    }

    /** Arrays that had to be allocated so far: constant once a step repeats. */
    long freshArrays() {
        long fresh = pool.freshArrays();
        for (Workspace workspace : workspaces) {
            fresh += workspace.grown();
        }
        return fresh;
    }
}
