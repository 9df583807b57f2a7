package org.blockrecurrent.kernels.driver;

import java.util.ArrayList;
import java.util.List;

/** The launches of the last moments: an error that the driver reports late came from one of them. */
final class RecentLaunches {
    private static final int KEPT = 4;

    private final Launch[] launches = new Launch[KEPT];
    private int next;

    void add(Launch launch) {
        launches[next] = launch;
        next = (next + 1) % KEPT;
    }

    /** {@code "; the last launches were …"}, the last one first; empty if nothing was launched. */
    String describe() {
        List<String> lines = new ArrayList<>();
        for (int back = 1; back <= KEPT; back++) {
            Launch launch = launches[(next + KEPT - back) % KEPT];
            if (launch != null) {
                lines.add(launch.toString());
            }
        }
        return lines.isEmpty() ? "" : "; the last launches were, latest first: " + String.join("; ", lines);
    }
}
