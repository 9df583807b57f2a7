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
    private final Bytes contents;
    private final long bytes;

    /** Where the bytes come from. */
    interface Bytes extends AutoCloseable {
        long size() throws IOException;

        /** Reads up to as many bytes as the buffer has room for; −1 at the end. */
        int read(ByteBuffer buffer, long position) throws IOException;

        @Override
        void close() throws IOException;
    }

    private PositionedFile(Path path, Bytes contents) throws IOException {
        this.path = path;
        this.contents = contents;
        bytes = contents.size();
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
        return new PositionedFile(path, new ChannelBytes(FileChannel.open(path, StandardOpenOption.READ)));
    }

    /** Bytes in memory as if they were a file of that name. They must not change. */
    public static PositionedFile of(Path name, byte[] bytes) {
        try {
            return new PositionedFile(name, new HeapBytes(bytes));
        } catch (IOException e) {
            throw FormatException.unreadable(name, e);
        }
    }

    private record ChannelBytes(FileChannel channel) implements Bytes {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer buffer, long position) throws IOException {
            return channel.read(buffer, position);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record HeapBytes(byte[] bytes) implements Bytes {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(ByteBuffer buffer, long position) {
            if (position >= bytes.length) {
                return -1;
            }
            int n = (int) Math.min(buffer.remaining(), bytes.length - position);
            buffer.put(bytes, (int) position, n);
            return n;
        }

        @Override
        public void close() {
            // nothing is held open
        }
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
        return new FileSection(path, contents, from, to);
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
            if (contents.size() != bytes) {
                throw new FormatException(path, "changed its size while it was open");
            }
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    @Override
    public void close() {
        try {
            contents.close();
        } catch (IOException e) {
            return; // nothing was written through it
        }
    }
}
