package org.blockrecurrent.raptor.store;

import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;

/** Whether the Java heap can hold what a store's chunks need, before anything is allocated. */
final class HeapRoom {
    /** What a store may take; the rest is for the model and its training. */
    private static final double SHARE = 0.75;

    private static final double GIB = 1 << 30;

    private HeapRoom() {}

    /** Throws an exception that says how much memory would do: {@code what} takes {@code bytes}. */
    static void require(double bytes, String what, String remedy) {
        double heap = Runtime.getRuntime().maxMemory();
        if (bytes > SHARE * heap) {
            throw new InvalidInputException(String.format(
                    Locale.ROOT,
                    "%s takes %.1f GiB of memory beside the model's own, and the heap has %.1f GiB; "
                            + "give more with RAPTOR_JAVA_OPTS=-Xmx%dg%s",
                    what,
                    bytes / GIB,
                    heap / GIB,
                    (long) Math.ceil(bytes / SHARE / GIB),
                    remedy));
        }
    }
}
