package org.blockrecurrent.raptor.store.zarr;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of an array as the published activation stores have them: little-endian 32-bit floats, Blosc with zstd and
 * byte shuffle, or as they are. A chunk appears under its name complete or not at all. One chunk at a time, one thread.
 */
public final class ChunkWriter implements AutoCloseable {
    private final ZarrArray array;
    private final @Nullable BloscEncoder blosc;

    /**
     * What a chunk's file holds.
     *
     * @param bytes size of the file
     * @param crc32c CRC-32C of all of it
     */
    public record Written(long bytes, long crc32c) {}

    ChunkWriter(ZarrArray array) {
        this.array = array;
        ZarrMetadata metadata = array.metadata();
        ZarrMetadata.Blosc settings = metadata.compressor();
        blosc = settings == null
                ? null
                : new BloscEncoder(settings.clevel(), metadata.type().bytes());
    }

    /** Writes a chunk from the bytes of its numbers, row-major. */
    public Written write(long chunk, byte[] numbers) {
        int bytes = array.metadata().chunkBytes();
        ByteBuffer content = blosc == null ? ByteBuffer.wrap(numbers, 0, bytes) : blosc.encode(numbers, bytes);
        AtomicFile.write(array.file(chunk), out -> out.write(content.array(), 0, content.limit()));
        CRC32C crc = new CRC32C();
        crc.update(content.array(), 0, content.limit());
        return new Written(content.limit(), crc.getValue());
    }

    @Override
    public void close() {
        if (blosc != null) {
            blosc.close();
        }
    }
}
