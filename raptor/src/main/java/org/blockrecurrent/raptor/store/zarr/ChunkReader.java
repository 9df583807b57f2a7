package org.blockrecurrent.raptor.store.zarr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.blockrecurrent.tensor.io.FormatException;

/** Reads and decodes chunks into buffers of its own, which it uses again: one chunk at a time, one thread. */
public final class ChunkReader implements AutoCloseable {
    /** Holds the bytes of a chunk's file against what else is known of them. */
    @FunctionalInterface
    public interface FileCheck {
        /** For arrays of which nothing else is known. */
        FileCheck NONE = (chunk, bytes, length) -> {};

        /** Throws unless the first {@code length} bytes are the chunk's. */
        void check(long chunk, byte[] bytes, int length);
    }

    private final ZarrArray array;
    private final FileCheck check;
    private final BloscDecoder blosc = new BloscDecoder();
    private byte[] file = new byte[0];
    private byte[] decoded = new byte[0];

    ChunkReader(ZarrArray array, FileCheck check) {
        this.array = array;
        this.check = check;
    }

    /**
     * The bytes of a chunk's numbers, row-major, of a whole chunk even at the edges. They are this reader's, until the next
     * call. Throws a {@link FormatException} that names the chunk's file if it is missing or damaged.
     */
    public byte[] read(long chunk) {
        Path path = array.file(chunk);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return array.metadata().compressor() == null ? plain(chunk, path, channel) : blosc(chunk, path, channel);
        } catch (NoSuchFileException e) {
            throw array.missing(chunk);
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    private byte[] plain(long chunk, Path path, FileChannel channel) throws IOException {
        int bytes = array.metadata().chunkBytes();
        if (channel.size() != bytes) {
            throw new FormatException(path, "has " + channel.size() + " bytes, a chunk has " + bytes);
        }
        decoded = atLeast(bytes, decoded);
        fill(path, channel, decoded, bytes);
        check.check(chunk, decoded, bytes);
        return decoded;
    }

    private byte[] blosc(long chunk, Path path, FileChannel channel) throws IOException {
        byte[] head = new byte[BloscHeader.BYTES];
        fill(path, channel, head, (int) Math.min(head.length, channel.size()));
        ZarrMetadata metadata = array.metadata();
        BloscHeader header = BloscHeader.read(
                path,
                head,
                channel.size(),
                metadata.chunkBytes(),
                metadata.type().bytes());
        file = atLeast(header.frameBytes(), file);
        fill(path, channel, file, header.frameBytes());
        check.check(chunk, file, header.frameBytes());
        decoded = atLeast(header.rawBytes(), decoded);
        blosc.decode(path, header, file, decoded);
        return decoded;
    }

    private static byte[] atLeast(int bytes, byte[] buffer) {
        return buffer.length >= bytes ? buffer : new byte[bytes];
    }

    /** The first bytes of the file. */
    private static void fill(Path path, FileChannel channel, byte[] into, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, buffer.position()) < 0) {
                throw new FormatException(path, "ended while it was read: it was cut short meanwhile");
            }
        }
    }

    @Override
    public void close() {
        blosc.close();
    }
}
