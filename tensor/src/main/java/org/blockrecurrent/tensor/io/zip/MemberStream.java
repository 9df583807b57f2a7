package org.blockrecurrent.tensor.io.zip;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.blockrecurrent.tensor.io.FileSection;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/** The contents of a member: as many bytes as it claims, no more and no fewer, with the CRC that it claims. */
final class MemberStream extends InputStream {
    private final Path file;
    private final ZipMember member;
    private final FileSection packed;
    private final InputStream in;
    private final @Nullable Inflater inflater;
    private final CRC32 crc = new CRC32();
    private long left;
    private boolean ended;

    /** Contents that are stored. */
    MemberStream(Path file, ZipMember member, FileSection stored) {
        this.file = file;
        this.member = member;
        packed = stored;
        in = stored;
        inflater = null;
        left = member.bytes();
    }

    /** Contents that are unpacked; the inflater is ended by {@link #close}. */
    MemberStream(Path file, ZipMember member, FileSection deflated, Inflater inflater) {
        this.file = file;
        this.member = member;
        packed = deflated;
        in = new InflaterInputStream(deflated, inflater, 1 << 13);
        this.inflater = inflater;
        left = member.bytes();
    }

    static FormatException wrongCrc(Path file, ZipMember member) {
        return new FormatException(
                file,
                "member " + FormatException.shown(member.name())
                        + " has another CRC than it should: the file is damaged; get it again");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            requireEnd();
            return -1;
        }
        int n = unpack(bytes, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw damaged("ends " + left + " bytes too early", null);
        }
        crc.update(bytes, offset, n);
        left -= n;
        return n;
    }

    private int unpack(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (ZipException | EOFException e) {
            throw damaged("cannot be unpacked", e);
        }
    }

    private void requireEnd() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        boolean more = unpack(new byte[1], 0, 1) >= 0
                || packed.remaining() > 0
                || inflater != null && inflater.getRemaining() > 0;
        if (more) {
            throw damaged("goes on after the " + member.bytes() + " bytes that it claims", null);
        }
        if (crc.getValue() != member.crc()) {
            throw wrongCrc(file, member);
        }
    }

    private FormatException damaged(String problem, @Nullable Exception cause) {
        String text = "member " + FormatException.shown(member.name()) + " " + problem + ": the file is damaged";
        return cause == null ? new FormatException(file, text) : new FormatException(file, text, cause);
    }

    @Override
    public void close() throws IOException {
        in.close();
        if (inflater != null) {
            inflater.end();
        }
    }
}
