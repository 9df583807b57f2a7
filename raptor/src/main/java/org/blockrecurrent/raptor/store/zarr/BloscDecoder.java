package org.blockrecurrent.raptor.store.zarr;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.blockrecurrent.tensor.io.FormatException;

/** Decodes Blosc 1 frames, one after the other: not for several threads at once. */
final class BloscDecoder implements AutoCloseable {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final Inflater zlib = new Inflater();
    private byte[] shuffled = new byte[0];

    /** Decodes a whole frame into the beginning of {@code target}. Its header has been checked against both arrays. */
    void decode(Object where, BloscHeader header, byte[] frame, byte[] target) {
        if (header.is(BloscHeader.STORED)) {
            System.arraycopy(frame, BloscHeader.BYTES, target, 0, header.rawBytes());
            return;
        }
        if (header.is(BloscHeader.SHUFFLED) && shuffled.length < header.blockBytes()) {
            shuffled = new byte[header.blockBytes()];
        }
        ByteBuffer ints = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < header.blocks(); block++) {
            try {
                decode(header, block, ints, target);
            } catch (DataFormatException e) {
                throw new FormatException(
                        where, "is damaged: block " + block + " of its Blosc frame " + e.getMessage(), e);
            }
        }
    }

    private void decode(BloscHeader header, int block, ByteBuffer frame, byte[] target) throws DataFormatException {
        int at = block * header.blockBytes();
        int bytes = header.bytesOf(block);
        boolean isShuffled = header.is(BloscHeader.SHUFFLED);
        byte[] into = isShuffled ? shuffled : target;
        int start = isShuffled ? 0 : at;
        int position = frame.getInt(BloscHeader.BYTES + Integer.BYTES * block);
        require(position >= header.firstBlock(), "begins outside of it, at " + position);
        int streams = header.streamsOf(block);
        require(bytes % streams == 0, "cannot be split into " + streams + " streams");
        for (int stream = 0; stream < streams; stream++) {
            position = stream(header, frame, position, into, start + stream * (bytes / streams), bytes / streams);
        }
        if (isShuffled) {
            ByteShuffle.unshuffle(shuffled, target, at, bytes, header.typeBytes());
        }
    }

    /** Decodes the stream at a position of the frame to exactly {@code size} bytes; returns where it ends. */
    private int stream(BloscHeader header, ByteBuffer frame, int position, byte[] target, int at, int size)
            throws DataFormatException {
        require(position <= header.frameBytes() - Integer.BYTES, "ends outside of it");
        int length = frame.getInt(position);
        int from = position + Integer.BYTES;
        require(length > 0 && length <= header.frameBytes() - from, "has a stream of " + length + " bytes at " + from);
        if (length == size) {
            System.arraycopy(frame.array(), from, target, at, size);
        } else {
            int decoded = decoded(header.codec(), frame.array(), from, length, target, at, size);
            require(decoded == size, "has a stream of " + decoded + " bytes, needed " + size);
        }
        return from + length;
    }

    private int decoded(int codec, byte[] source, int from, int length, byte[] target, int at, int size)
            throws DataFormatException {
        return switch (Objects.requireNonNull(StreamCodec.of(codec))) { // the header has been checked
            case ZSTD -> zstd(source, from, length, target, at, size);
            case ZLIB -> zlib(source, from, length, target, at, size);
            case LZ4 -> {
                Expansion stream = new Expansion(source, from, from + length, target, at, at + size);
                Lz4.decode(stream);
                yield stream.decoded();
            }
            case BLOSCLZ -> {
                Expansion stream = new Expansion(source, from, from + length, target, at, at + size);
                BloscLz.decode(stream);
                yield stream.decoded();
            }
        };
    }

    private int zstd(byte[] source, int from, int length, byte[] target, int at, int size) throws DataFormatException {
        try {
            return zstd.decompressByteArray(target, at, size, source, from, length);
        } catch (ZstdException e) {
            throw malformed("zstd", e);
        }
    }

    private int zlib(byte[] source, int from, int length, byte[] target, int at, int size) throws DataFormatException {
        zlib.reset();
        zlib.setInput(source, from, length);
        try {
            int n = zlib.inflate(target, at, size);
            require(
                    n == size && zlib.inflate(new byte[1]) == 0 && zlib.finished(),
                    "has a zlib stream of another length");
            return n;
        } catch (DataFormatException e) {
            throw malformed("zlib", e);
        }
    }

    private static DataFormatException malformed(String codec, Exception cause) {
        DataFormatException malformed =
                new DataFormatException("has a malformed " + codec + " stream: " + cause.getMessage());
        malformed.initCause(cause);
        return malformed;
    }

    private static void require(boolean holds, String problem) throws DataFormatException {
        if (!holds) {
            throw new DataFormatException(problem);
        }
    }

    /** Frees what the codecs hold outside of the heap. */
    @Override
    public void close() {
        zstd.close();
        zlib.end();
    }
}
