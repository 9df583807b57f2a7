package org.blockrecurrent.raptor.store.zarr;

import java.util.zip.DataFormatException;

/**
 * A stream of the Lempel–Ziv family while it is decoded: literal bytes and copies of what was decoded before, every one of
 * them checked against the ends of both arrays.
 */
final class Expansion {
    private final byte[] source;
    private final int end;
    private final byte[] target;
    private final int start;
    private final int limit;
    private int in;
    private int out;

    /** From {@code source[from … end)} into {@code target[start … limit)}. */
    Expansion(byte[] source, int from, int end, byte[] target, int start, int limit) {
        this.source = source;
        this.in = from;
        this.end = end;
        this.target = target;
        this.out = start;
        this.start = start;
        this.limit = limit;
    }

    boolean atEnd() {
        return in == end;
    }

    /** Bytes decoded so far. */
    int decoded() {
        return out - start;
    }

    /** The next byte, 0 … 255. */
    int next() throws DataFormatException {
        require(in < end, "ends early");
        return source[in++] & 0xFF;
    }

    /** {@code length} plus the next bytes up to the first that is not 255. */
    int extended(int length) throws DataFormatException {
        int sum = length;
        int more;
        do {
            more = next();
            sum += more;
            require(sum <= limit - start, "is longer than its block");
        } while (more == 0xFF);
        return sum;
    }

    /** Takes the next {@code n} bytes as they are. */
    void literals(int n) throws DataFormatException {
        require(n <= end - in, "ends early");
        require(n <= limit - out, "is longer than its block");
        System.arraycopy(source, in, target, out, n);
        in += n;
        out += n;
    }

    /** Repeats {@code n} bytes from {@code distance} before; they may reach into what they make. */
    void copy(int distance, int n) throws DataFormatException {
        require(distance > 0 && distance <= out - start, "copies from before its block");
        require(n <= limit - out, "is longer than its block");
        if (distance >= n) {
            System.arraycopy(target, out - distance, target, out, n);
        } else {
            for (int i = out; i < out + n; i++) {
                target[i] = target[i - distance];
            }
        }
        out += n;
    }

    private static void require(boolean holds, String problem) throws DataFormatException {
        if (!holds) {
            throw new DataFormatException(problem);
        }
    }
}
