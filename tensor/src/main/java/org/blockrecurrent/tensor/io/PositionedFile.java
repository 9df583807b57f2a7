package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A regular file held open and read by positioned reads, so that several threads may read; never mapped: a mapped file that
 * is cut short ends the JVM. A file that changes its size meanwhile is noticed; one that is replaced by a move is read to
 * its end as it was.
 */
public final class PositionedFile implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 18;

    private final Path path;
    private final FileChannel channel;
    private final long bytes;

    private PositionedFile(Path path, FileChannel channel, long bytes) {
        this.path = path;
        this.channel = channel;
        this.bytes = bytes;
    }

    /** Takes a chunk of bytes, ready to be read; {@code offset} counts from the begin of the range. */
    @FunctionalInterface
    public interface Chunks {
        void accept(ByteBuffer chunk, long offset);
    }

    /** What a format makes of an open file. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(PositionedFile file) throws IOException;
    }

    /** Opens the file and has it parsed; closes it again if that fails. */
    public static <T> T open(Path path, Parser<T> parser) {
        PositionedFile file = null;
        boolean parsed = false;
        try {
            file = open(path);
            T result = parser.parse(file);
            parsed = true;
            return result;
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        } finally {
            if (!parsed && file != null) {
                file.close();
            }
        }
    }

    private static PositionedFile open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FormatException(path, "is not a regular file");
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        return new PositionedFile(path, channel, channel.size());
    }

    public Path path() {
        return path;
    }

    /** The size that the file had when it was opened. */
    public long bytes() {
        return bytes;
    }

    /** The bytes from {@code from} to {@code to}, as a stream. */
    public FileSection section(long from, long to) {
        return new FileSection(path, channel, from, to);
    }

    /** Fills the buffer up to its limit, from {@code position} of the file on, and flips it. */
    public ByteBuffer read(long position, ByteBuffer buffer) {
        try {
            section(position, position + buffer.remaining()).readFully(buffer);
            return buffer.flip();
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** The bytes from {@code from} to {@code to} in chunks whose sizes, but the last, are multiples of 16. */
    public void forEachChunk(long from, long to, Chunks chunks) {
        requireSameSize();
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, to - from)).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = from; at < to; at += chunk.capacity()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), to - at));
            chunks.accept(read(at, chunk), at - from);
        }
    }

    /** Throws a {@link FormatException} if the file is not as long as when it was opened. */
    public void requireSameSize() {
        try {
            if (channel.size() != bytes) {
                throw new FormatException(path, "changed its size while it was open");
            }
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // nothing was written through it
        }
    }
}
