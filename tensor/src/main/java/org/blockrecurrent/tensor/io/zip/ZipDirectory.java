package org.blockrecurrent.tensor.io.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.io.FileSection;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.zip.ZipMember.Method;
import org.jspecify.annotations.Nullable;

/** Reads the directory of an archive: an entry of 46 bytes, a name, extra fields and a comment for each member. */
final class ZipDirectory {
    /** A data descriptor follows the contents. */
    static final int DESCRIPTOR = 1 << 3;

    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int ENCRYPTED = 1;
    /** A descriptor, names in UTF-8, and how hard the packer tried. */
    private static final int KNOWN_FLAGS = DESCRIPTOR | 1 << 11 | 1 << 2 | 1 << 1;

    private final PositionedFile file;
    private final FileSection in;

    private ZipDirectory(PositionedFile file, FileSection in) {
        this.file = file;
        this.in = in;
    }

    /** The members in the order of the directory. */
    static List<ZipMember> read(PositionedFile file, ZipEnd end) throws IOException {
        long to = end.directoryAt() + end.directoryBytes();
        ZipDirectory directory = new ZipDirectory(file, file.section(end.directoryAt(), to));
        List<ZipMember> members = new ArrayList<>();
        while (directory.in.remaining() > 0) {
            members.add(directory.next());
        }
        if (members.size() != end.entries()) {
            throw directory.damaged("its end record says " + Long.toUnsignedString(end.entries())
                    + " members, its directory has " + members.size());
        }
        return members;
    }

    private ZipMember next() throws IOException {
        long at = in.position();
        ByteBuffer entry = take(ENTRY_BYTES);
        if (entry.getInt() != ENTRY) {
            throw damaged("its directory is damaged at byte " + at);
        }
        entry.position(8);
        int flags = entry.getShort();
        int method = entry.getShort();
        entry.position(28);
        int nameBytes = entry.getShort() & 0xFFFF;
        int extraBytes = entry.getShort() & 0xFFFF;
        int commentBytes = entry.getShort() & 0xFFFF;
        int disk = entry.getShort();
        String name = name(take(nameBytes));
        ExtraFields extra = ExtraFields.of(take(extraBytes));
        take(commentBytes);
        requireKnown(name, flags, disk);
        return member(name, entry, flags, method(name, method), extra);
    }

    private ZipMember member(String name, ByteBuffer entry, int flags, Method method, @Nullable ExtraFields extra) {
        if (extra == null) {
            throw invalid(name, "its extra fields are damaged");
        }
        long crc = entry.getInt(16) & 0xFFFFFFFFL;
        long bytes = extra.widen(entry.getInt(24));
        long packedBytes = extra.widen(entry.getInt(20));
        long headerAt = extra.widen(entry.getInt(42));
        if (bytes < 0 || packedBytes < 0 || headerAt < 0) {
            throw invalid(name, "its zip64 field with sizes and position is missing or damaged");
        }
        if (method == Method.STORED && bytes != packedBytes) {
            throw invalid(name, "is stored, but its two sizes are " + packedBytes + " and " + bytes);
        }
        return new ZipMember(name, method, (flags & DESCRIPTOR) != 0, crc, packedBytes, bytes, headerAt);
    }

    private void requireKnown(String name, int flags, int disk) {
        if ((flags & ENCRYPTED) != 0) {
            throw invalid(name, "is encrypted");
        }
        if ((flags & ~KNOWN_FLAGS) != 0 || disk != 0) {
            throw invalid(name, String.format("has flags 0x%04x that are not supported", flags & 0xFFFF));
        }
    }

    private Method method(String name, int method) {
        return switch (method) {
            case 0 -> Method.STORED;
            case 8 -> Method.DEFLATED;
            default -> throw invalid(name, "is packed by method " + method + ", which is not supported");
        };
    }

    /** A name is never used as a path; one that could lead out of the archive is refused all the same. */
    private String name(ByteBuffer bytes) {
        String name;
        try {
            name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file.path(), "is not a valid zip archive: a name is not UTF-8", e);
        }
        boolean leadsOut = name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0;
        for (String part : name.split("/")) {
            leadsOut |= part.equals("..");
        }
        if (leadsOut) {
            throw invalid(name, "the name could lead out of the archive");
        }
        return name;
    }

    private ByteBuffer take(int bytes) throws IOException {
        if (bytes > in.remaining()) {
            throw damaged("its directory ends inside an entry");
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        in.readFully(buffer);
        return buffer.flip();
    }

    private FormatException invalid(String name, String problem) {
        return damaged("member " + FormatException.shown(name) + ": " + problem);
    }

    private FormatException damaged(String problem) {
        return new FormatException(file.path(), "is not a valid zip archive: " + problem);
    }
}
