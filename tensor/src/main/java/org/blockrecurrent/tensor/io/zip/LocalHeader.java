package org.blockrecurrent.tensor.io.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.jspecify.annotations.Nullable;

/**
 * The local header of a member: 30 bytes, name, extra fields, then the contents and perhaps a data descriptor that repeats
 * CRC and sizes. Two readers that believe different headers see different files, so it must say what the directory says.
 */
final class LocalHeader {
    private static final int HEADER = 0x04034b50;
    private static final int HEADER_BYTES = 30;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int LONGEST_DESCRIPTOR = 24;

    private final PositionedFile file;
    private final ZipMember member;

    LocalHeader(PositionedFile file, ZipMember member) {
        this.file = file;
        this.member = member;
    }

    /** Checks the header; where the contents begin. {@code limit} is where the directory begins. */
    long dataAt(long limit) {
        if (member.headerAt() > limit - HEADER_BYTES) {
            throw invalid("its local header lies behind the end of the file");
        }
        ByteBuffer header = read(member.headerAt(), HEADER_BYTES);
        if (header.getInt() != HEADER) {
            throw invalid("has no local header at byte " + member.headerAt());
        }
        int nameBytes = header.getShort(26) & 0xFFFF;
        int extraBytes = header.getShort(28) & 0xFFFF;
        long dataAt = member.headerAt() + HEADER_BYTES + nameBytes + extraBytes;
        if (dataAt > limit || member.packedBytes() > limit - dataAt) {
            throw invalid("claims " + member.packedBytes() + " bytes, more than the archive holds");
        }
        ByteBuffer rest = read(member.headerAt() + HEADER_BYTES, nameBytes + extraBytes);
        requireSameName(rest, nameBytes);
        requireSame(header, ExtraFields.of(rest));
        return dataAt;
    }

    private void requireSameName(ByteBuffer rest, int nameBytes) {
        byte[] name = new byte[nameBytes];
        rest.get(name);
        if (!Arrays.equals(name, member.name().getBytes(StandardCharsets.UTF_8))) {
            throw invalid("its local header has another name");
        }
    }

    private void requireSame(ByteBuffer header, @Nullable ExtraFields extra) {
        if (extra == null) {
            throw invalid("the extra fields of its local header are damaged");
        }
        int flags = header.getShort(6);
        int method = header.getShort(8);
        int crc = header.getInt(14);
        long bytes = extra.widen(header.getInt(22));
        long packedBytes = extra.widen(header.getInt(18));
        boolean sameKind = method == (member.isStored() ? 0 : 8)
                && (flags & 1) == 0
                && (flags & ZipDirectory.DESCRIPTOR) != 0 == member.hasDescriptor();
        boolean sameNumbers =
                crc == (int) member.crc() && bytes == member.bytes() && packedBytes == member.packedBytes();
        boolean left = member.hasDescriptor() && crc == 0 && bytes == 0 && packedBytes == 0;
        if (!sameKind || !sameNumbers && !left) {
            throw invalid("its local header contradicts the directory");
        }
    }

    /** Checks what lies between the end of the contents and {@code next}, where the next header begins. */
    void requireEndAt(long dataAt, long next) {
        long end = dataAt + member.packedBytes();
        long gap = next - end;
        if (gap < 0) {
            throw invalid("overlaps what follows it");
        }
        boolean fits =
                member.hasDescriptor() ? gap <= LONGEST_DESCRIPTOR && isDescriptor(read(end, (int) gap)) : gap == 0;
        if (!fits) {
            throw invalid("is followed by " + gap + " bytes that do not belong to it");
        }
    }

    /** Signature (optional), CRC, sizes of 32 or 64 bits. */
    private boolean isDescriptor(ByteBuffer bytes) {
        boolean signed = bytes.remaining() == 16 || bytes.remaining() == 24;
        boolean wide = bytes.remaining() == 20 || bytes.remaining() == 24;
        if (!signed && !wide && bytes.remaining() != 12 || signed && bytes.getInt() != DESCRIPTOR) {
            return false;
        }
        return bytes.getInt() == (int) member.crc()
                && (wide ? bytes.getLong() : bytes.getInt() & 0xFFFFFFFFL) == member.packedBytes()
                && (wide ? bytes.getLong() : bytes.getInt() & 0xFFFFFFFFL) == member.bytes();
    }

    private ByteBuffer read(long position, int bytes) {
        return file.read(position, ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private FormatException invalid(String problem) {
        return new FormatException(
                file.path(),
                "is not a valid zip archive: member " + FormatException.shown(member.name()) + ": " + problem);
    }
}
