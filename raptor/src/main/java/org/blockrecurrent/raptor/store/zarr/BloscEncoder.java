package org.blockrecurrent.raptor.store.zarr;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Encodes Blosc 1 frames as numcodecs does for zstd with byte shuffle: blocks that are not split, and the whole stored as it
 * is where compression gains nothing. Equal bytes give equal frames. Not for several threads at once.
 */
final class BloscEncoder implements AutoCloseable {
    /** As c-blosc chooses for zstd at level 3. */
    private static final int BLOCK_BYTES = 1 << 17;

    private static final int DOES_NOT_FIT = -1;

    private final int typeBytes;
    private final ZstdCompressCtx zstd;
    private final byte[] shuffled = new byte[BLOCK_BYTES];
    private final byte[] compressed = new byte[(int) Zstd.compressBound(BLOCK_BYTES)];
    private ByteBuffer frame = ByteBuffer.allocate(0);

    BloscEncoder(int level, int typeBytes) {
        this.typeBytes = typeBytes;
        zstd = new ZstdCompressCtx().setLevel(level);
    }

    /** The frame of the first {@code rawBytes} bytes; it is this encoder's, until the next call. */
    ByteBuffer encode(byte[] raw, int rawBytes) {
        int largest = BloscHeader.BYTES + rawBytes;
        if (frame.capacity() < largest) {
            frame = ByteBuffer.allocate(largest).order(ByteOrder.LITTLE_ENDIAN);
        }
        frame.clear().limit(largest);
        int blockBytes = Math.min(BLOCK_BYTES, rawBytes);
        int frameBytes = blocks(raw, rawBytes, blockBytes);
        boolean stored = frameBytes == DOES_NOT_FIT;
        if (stored) {
            frame.put(BloscHeader.BYTES, raw, 0, rawBytes);
            frameBytes = largest;
        }
        header(stored, rawBytes, blockBytes, frameBytes);
        return frame.limit(frameBytes);
    }

    /** Writes all blocks and where they begin; returns where the last one ends, if they fit. */
    private int blocks(byte[] raw, int rawBytes, int blockBytes) {
        int blocks = (rawBytes + blockBytes - 1) / blockBytes;
        int position = BloscHeader.BYTES + Integer.BYTES * blocks;
        for (int block = 0; block < blocks && position != DOES_NOT_FIT; block++) {
            int at = block * blockBytes;
            int start = position;
            position = block(raw, at, Math.min(blockBytes, rawBytes - at), start);
            if (position != DOES_NOT_FIT) {
                frame.putInt(BloscHeader.BYTES + Integer.BYTES * block, start);
            }
        }
        return position;
    }

    /** Writes one stream at a position; returns where it ends, if it fits. */
    private int block(byte[] raw, int at, int bytes, int position) {
        ByteShuffle.shuffle(raw, at, bytes, typeBytes, shuffled);
        int length = zstd.compressByteArray(compressed, 0, compressed.length, shuffled, 0, bytes);
        boolean gains = length < bytes;
        int stream = gains ? length : bytes;
        int start = position + Integer.BYTES;
        if (stream > frame.limit() - start) {
            return DOES_NOT_FIT;
        }
        frame.putInt(position, stream).put(start, gains ? compressed : shuffled, 0, stream);
        return start + stream;
    }

    private void header(boolean stored, int rawBytes, int blockBytes, int frameBytes) {
        int flags = StreamCodec.ZSTD.number() << BloscHeader.CODEC_SHIFT | BloscHeader.NOT_SPLIT | BloscHeader.SHUFFLED;
        frame.put(0, BloscHeader.VERSION)
                .put(1, BloscHeader.CODEC_VERSION)
                .put(2, (byte) (stored ? flags | BloscHeader.STORED : flags))
                .put(3, (byte) typeBytes)
                .putInt(4, rawBytes)
                .putInt(8, blockBytes)
                .putInt(12, frameBytes);
    }

    /** Frees what the codec holds outside of the heap. */
    @Override
    public void close() {
        zstd.close();
    }
}
