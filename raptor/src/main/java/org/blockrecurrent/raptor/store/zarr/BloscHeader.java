package org.blockrecurrent.raptor.store.zarr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.blockrecurrent.tensor.io.FormatException;

/**
 * The first 16 bytes of a Blosc 1 frame, checked:
 *
 * <pre>
 *    0  version of the format, 2         1  version of the codec's format, 1
 *    2  flags: 1 bytes shuffled, 2 stored as it is, 4 bits shuffled, 16 blocks not split; the codec in the upper three bits
 *    3  bytes of a number
 *    4  bytes before compression         8  bytes of a block        12  bytes of the frame     (32 bits, little-endian)
 *   16  for each block, where in the frame it begins; then the blocks
 * </pre>
 *
 * <p>A block is one stream, or one for each byte of a number; a stream is its length and as many bytes. A stream of the
 * length that it decodes to is not compressed.
 */
record BloscHeader(int flags, int typeBytes, int rawBytes, int blockBytes, int frameBytes) {
    static final int BYTES = 16;
    static final byte VERSION = 2;
    static final byte CODEC_VERSION = 1;
    static final int SHUFFLED = 1;
    static final int STORED = 2;
    static final int NOT_SPLIT = 16;

    private static final int BITS_SHUFFLED = 4;
    private static final int RESERVED = 8;
    static final int CODEC_SHIFT = 5;
    private static final int MOST_STREAMS = 16;
    private static final int SHORTEST_STREAM = 128;

    /**
     * Reads the header and holds it against what is known.
     *
     * @param head the frame's first bytes
     * @param fileBytes size of the file that holds the frame and nothing else
     * @param rawBytes size of a chunk
     * @param typeBytes size of a number
     */
    static BloscHeader read(Object where, byte[] head, long fileBytes, int rawBytes, int typeBytes) {
        require(fileBytes >= BYTES, where, "is no Blosc frame: it has " + fileBytes + " bytes, a header has 16");
        require(head[0] == VERSION, where, "is a Blosc frame of version " + (head[0] & 0xFF) + "; 2 is supported");
        require(
                head[1] == CODEC_VERSION,
                where,
                "holds a codec's format of version " + (head[1] & 0xFF) + "; 1 is supported");
        ByteBuffer sizes = ByteBuffer.wrap(head, 4, BYTES - 4).order(ByteOrder.LITTLE_ENDIAN);
        BloscHeader header =
                new BloscHeader(head[2] & 0xFF, head[3] & 0xFF, sizes.getInt(), sizes.getInt(), sizes.getInt());
        header.requireSupported(where);
        header.requireSizes(where, fileBytes, rawBytes, typeBytes);
        return header;
    }

    private void requireSupported(Object where) {
        require(
                !is(BITS_SHUFFLED),
                where,
                "has its bits shuffled: bit shuffle is not supported; write it with shuffle 1 or 0");
        require(!is(RESERVED), where, "is a Blosc frame with a flag that is not supported, 8");
        require(
                StreamCodec.of(codec()) != null,
                where,
                "is a Blosc frame of codec " + codec() + "; blosclz 0, lz4 1, zlib 3 and zstd 4 are supported");
    }

    private void requireSizes(Object where, long fileBytes, int expectedRaw, int expectedType) {
        require(
                frameBytes == fileBytes,
                where,
                "is cut short or not one Blosc frame: its header says " + frameBytes + " bytes, the file has "
                        + fileBytes);
        require(rawBytes == expectedRaw, where, "decodes to " + rawBytes + " bytes, a chunk has " + expectedRaw);
        require(
                typeBytes > 0 && typeBytes == expectedType,
                where,
                "holds numbers of " + typeBytes + " bytes, the array's have " + expectedType);
        require(
                blockBytes > 0 && blockBytes <= rawBytes,
                where,
                "is no Blosc frame: blocks of " + blockBytes + " bytes");
        require(frameBytes <= BYTES + (long) rawBytes, where, "is no Blosc frame: larger than what it holds");
        if (is(STORED)) {
            require(
                    frameBytes == BYTES + rawBytes,
                    where,
                    "is stored as it is, but has " + frameBytes + " bytes for " + rawBytes);
        } else {
            require(
                    firstBlock() <= frameBytes,
                    where,
                    "is no Blosc frame: no room for the starts of " + blocks() + " blocks");
        }
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    int codec() {
        return flags >> CODEC_SHIFT;
    }

    int blocks() {
        return (int) (((long) rawBytes + blockBytes - 1) / blockBytes);
    }

    /** Bytes that a block decodes to: the last one may be short. */
    int bytesOf(int block) {
        return Math.min(blockBytes, rawBytes - block * blockBytes);
    }

    /** Into how many streams a block is split. */
    int streamsOf(int block) {
        boolean split = !is(NOT_SPLIT)
                && typeBytes <= MOST_STREAMS
                && blockBytes / typeBytes >= SHORTEST_STREAM
                && bytesOf(block) == blockBytes;
        return split ? typeBytes : 1;
    }

    /** Where the first block may begin at the earliest: behind the starts. */
    long firstBlock() {
        return BYTES + (long) Integer.BYTES * blocks();
    }

    private static void require(boolean holds, Object where, String problem) {
        if (!holds) {
            throw new FormatException(where, problem);
        }
    }
}
