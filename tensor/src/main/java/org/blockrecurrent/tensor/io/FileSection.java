package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The bytes from {@code position} to {@code end} of an open file, by positioned reads: nothing of the file moves. */
public final class FileSection extends InputStream {
    private final Path file;
    private final PositionedFile.Bytes contents;
    private final long end;
    private long position;

    FileSection(Path file, PositionedFile.Bytes contents, long position, long end) {
        this.file = file;
        this.contents = contents;
        this.position = position;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, end - position);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        return read(ByteBuffer.wrap(bytes, offset, wanted));
    }

    /** Bytes that have not been read yet. */
    public long remaining() {
        return end - position;
    }

    /** Position in the file of the next byte. */
    public long position() {
        return position;
    }

    /** Fills the buffer up to its limit. */
    public void readFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            read(buffer);
        }
    }

    private int read(ByteBuffer buffer) throws IOException {
        int n = contents.read(buffer, position);
        if (n < 0) {
            throw new FormatException(
                    file, "ended at byte " + position + " while it was read: it was cut short meanwhile");
        }
        position += n;
        return n;
    }
}
