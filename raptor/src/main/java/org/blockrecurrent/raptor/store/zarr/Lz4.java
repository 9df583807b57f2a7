package org.blockrecurrent.raptor.store.zarr;

import java.util.zip.DataFormatException;

/**
 * The LZ4 block format (lz4/doc/lz4_Block_format.md): sequences of a token, literals, and a copy.
 *
 * <pre>
 *   token    literals in the upper, length − 4 of the copy in the lower four bits; 15 goes on in the next bytes
 *   literals
 *   offset   16 bits, little-endian; the last sequence ends before it
 * </pre>
 */
final class Lz4 {
    private static final int LONG = 15;
    private static final int SHORTEST_COPY = 4;

    private Lz4() {}

    static void decode(Expansion stream) throws DataFormatException {
        while (!stream.atEnd()) {
            int token = stream.next();
            stream.literals(length(token >>> 4, stream));
            if (stream.atEnd()) {
                return;
            }
            int distance = stream.next() | stream.next() << 8;
            stream.copy(distance, length(token & LONG, stream) + SHORTEST_COPY);
        }
    }

    private static int length(int bits, Expansion stream) throws DataFormatException {
        return bits == LONG ? stream.extended(LONG) : bits;
    }
}
