package org.blockrecurrent.raptor.store.zarr;

import java.util.zip.DataFormatException;

/**
 * Blosc's own codec, a dialect of FastLZ (c-blosc, blosclz.c). Instructions begin with a byte c:
 *
 * <pre>
 *   c &lt; 32   c + 1 literals follow
 *   else     a copy of (c &gt;&gt; 5) + 2 bytes, where 7 goes on in the next bytes, from ((c &amp; 31) &lt;&lt; 8) + next byte + 1 before;
 *            if all 13 bits are set, from 8192 + the next 16 bits, big-endian, before
 * </pre>
 *
 * <p>The first byte's upper three bits are not used: a stream begins with literals.
 */
final class BloscLz {
    private static final int LITERALS = 32;
    private static final int LONG_COPY = 7;
    private static final int FARTHEST = 8192;

    private BloscLz() {}

    static void decode(Expansion stream) throws DataFormatException {
        int instruction = stream.next() % LITERALS;
        while (true) {
            if (instruction < LITERALS) {
                stream.literals(instruction + 1);
            } else {
                copy(instruction, stream);
            }
            if (stream.atEnd()) {
                return;
            }
            instruction = stream.next();
        }
    }

    private static void copy(int instruction, Expansion stream) throws DataFormatException {
        int length = instruction >>> 5;
        length = length == LONG_COPY ? stream.extended(LONG_COPY) : length;
        int distance = ((instruction & 31) << 8) + stream.next() + 1;
        if (distance == FARTHEST) {
            distance += stream.next() << 8;
            distance += stream.next();
        }
        stream.copy(distance, length + 2);
    }
}
