package org.blockrecurrent.tensor.io.zip;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The extra fields of an entry: blocks of a 16-bit id, a 16-bit length and as many bytes. Only that of zip64 matters: it
 * holds the numbers, in a fixed order, for which 32 bits were too few and which are all ones where they should stand.
 */
final class ExtraFields {
    private static final int ZIP64 = 1;
    private static final int TOO_LARGE = -1;
    private static final int HEAD_BYTES = 4;

    private final ByteBuffer numbers;

    private ExtraFields(ByteBuffer numbers) {
        this.numbers = numbers;
    }

    /** Reads the buffer to its end; null if that is not made of whole blocks. */
    static @Nullable ExtraFields of(ByteBuffer extra) {
        ByteBuffer numbers = extra.duplicate().order(extra.order()).limit(extra.position());
        while (extra.remaining() >= HEAD_BYTES) {
            int id = extra.getShort() & 0xFFFF;
            int bytes = extra.getShort() & 0xFFFF;
            if (bytes > extra.remaining()) {
                return null;
            }
            if (id == ZIP64) {
                numbers = extra.slice(extra.position(), bytes).order(extra.order());
            }
            extra.position(extra.position() + bytes);
        }
        return extra.hasRemaining() ? null : new ExtraFields(numbers);
    }

    /** The number itself, or the next of the zip64 field if it stands there; negative if that is missing or absurd. */
    long widen(int narrow) {
        if (narrow != TOO_LARGE) {
            return narrow & 0xFFFFFFFFL;
        }
        return numbers.remaining() >= Long.BYTES ? numbers.getLong() : -1;
    }
}
