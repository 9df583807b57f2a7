package org.blockrecurrent.tensor.io.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;

/**
 * The bytes of one pickle or of several one after another. Numbers are little-endian. A length is compared with what is left
 * before anything of that size is allocated.
 */
public final class PickleInput {
    private static final int BUFFER_BYTES = 1 << 13;
    private static final int LONGEST_LINE = 1 << 12;

    private final PositionedFile file;
    private final String part;
    private final long start;
    private final long end;
    private final ByteBuffer buffer;
    private long bufferAt;

    /**
     * @param part which part of the file messages speak of, such as {@code data.pkl}
     * @param start position in the file of the first byte
     * @param end position behind the last byte that may be read
     */
    public PickleInput(PositionedFile file, String part, long start, long end) {
        this.file = file;
        this.part = part;
        this.start = start;
        this.end = end;
        buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, end - start))
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(0);
        bufferAt = start;
    }

    /** Position in the file of the next byte. */
    public long position() {
        return bufferAt + buffer.position();
    }

    /** Bytes that are left. */
    public long remaining() {
        return end - position();
    }

    Path path() {
        return file.path();
    }

    /** The failure, with the place in the pickle. */
    public FormatException invalid(String problem) {
        return new FormatException(file.path(), at() + problem);
    }

    private String at() {
        return "byte " + (position() - start) + " of " + part + ": ";
    }

    int unsignedByte() {
        return need(1).get() & 0xFF;
    }

    int unsignedShort() {
        return need(Short.BYTES).getShort() & 0xFFFF;
    }

    int signedInt() {
        return need(Integer.BYTES).getInt();
    }

    long unsignedInt() {
        return signedInt() & 0xFFFFFFFFL;
    }

    long signedLong() {
        return need(Long.BYTES).getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
    }

    byte[] bytes(long length) {
        requireLeft(length);
        byte[] bytes = new byte[(int) length];
        int buffered = Math.min(bytes.length, buffer.remaining());
        buffer.get(bytes, 0, buffered);
        if (buffered < bytes.length) {
            long at = position();
            file.read(
                    at,
                    ByteBuffer.wrap(bytes, buffered, bytes.length - buffered).slice());
            bufferAt = at + bytes.length - buffered;
            buffer.position(0).limit(0);
        }
        return bytes;
    }

    String utf8(long length) {
        byte[] bytes = bytes(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file.path(), at() + "a text is not valid UTF-8", e);
        }
    }

    /** Two's complement; a {@link Long} if it fits, else a {@link BigInteger}. */
    Number integer(long length) {
        if (length < 0) {
            throw invalid("a number of negative length " + length);
        }
        byte[] bytes = bytes(length);
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swapped = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swapped;
        }
        BigInteger value = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }

    /** The text up to the next line feed. */
    String line() {
        StringBuilder text = new StringBuilder();
        for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
            if (c >= 0x80 || text.length() == LONGEST_LINE) {
                throw invalid("a line that is not ASCII, or longer than any name");
            }
            text.append((char) c);
        }
        return text.toString();
    }

    private void requireLeft(long length) {
        if (length < 0 || length > remaining()) {
            throw invalid("claims " + Long.toUnsignedString(length) + " bytes, but " + remaining()
                    + " are left: the pickle is cut short or damaged");
        }
    }

    /** A buffer that holds at least so many of the next bytes. */
    private ByteBuffer need(int bytes) {
        if (buffer.remaining() < bytes) {
            if (bytes > remaining()) {
                throw invalid("the pickle is cut short");
            }
            long at = position();
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            file.read(at, buffer);
            bufferAt = at;
        }
        return buffer;
    }
}
