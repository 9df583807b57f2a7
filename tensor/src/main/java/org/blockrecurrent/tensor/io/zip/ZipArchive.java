package org.blockrecurrent.tensor.io.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import org.blockrecurrent.tensor.io.FileSection;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive, read strictly: what its members are must not depend on who reads it.
 *
 * <pre>
 *   header, contents [, descriptor]    of each member, one right after the other from byte 0 on
 *   directory, end                     to the last byte of the file
 * </pre>
 *
 * <p>Nothing may precede, follow or lie between these parts, no name may occur twice, local headers must say what the
 * directory says, and contents must have their CRC. Members are read in place by position; nothing is ever unpacked to disk.
 */
public final class ZipArchive {
    private static final int HEADER = 0x04034b50;
    /** Contents may be this much larger than they are packed; beyond that they are taken for a bomb. */
    private static final long MOST_EXPANSION = 100;

    private static final long ALWAYS_ALLOWED = 16L << 20;

    private final PositionedFile file;
    private final Map<String, ZipMember> members = new LinkedHashMap<>();
    private final Map<String, Long> dataAt = new HashMap<>();
    private final Set<String> intact = Collections.synchronizedSet(new HashSet<>());

    private ZipArchive(PositionedFile file) throws IOException {
        this.file = file;
        requireHeaderFirst();
        ZipEnd end = ZipEnd.of(file);
        for (ZipMember member : ZipDirectory.read(file, end)) {
            if (members.putIfAbsent(member.name(), member) != null) {
                throw invalid("member " + FormatException.shown(member.name()) + " is there twice");
            }
        }
        requireExactCover(end.directoryAt());
    }

    /** Reads the directory and checks it. The archive is usable as long as the file is open. */
    public static ZipArchive read(PositionedFile file) throws IOException {
        return new ZipArchive(file);
    }

    /** All members, in the order of the directory. */
    public Collection<ZipMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    /** The member of that name, or null. */
    public @Nullable ZipMember member(String name) {
        return members.get(name);
    }

    /** Where in the file the contents of a member begin. */
    public long dataAt(ZipMember member) {
        return Objects.requireNonNull(dataAt.get(member.name()), "a member of another archive");
    }

    /** Reads all of a stored member once, the first time it is asked, and throws a {@link FormatException} if it is damaged. */
    public void requireIntact(ZipMember member) {
        if (intact.contains(member.name())) {
            return;
        }
        CRC32 crc = new CRC32();
        long begin = dataAt(member);
        file.forEachChunk(begin, begin + member.packedBytes(), (chunk, offset) -> crc.update(chunk));
        if (crc.getValue() != member.crc()) {
            throw MemberStream.wrongCrc(file.path(), member);
        }
        intact.add(member.name());
    }

    /** The contents, unpacked as they are read; the CRC is checked when the end is reached. */
    public InputStream open(ZipMember member) {
        long begin = dataAt(member);
        FileSection packed = file.section(begin, begin + member.packedBytes());
        if (member.isStored()) {
            return new MemberStream(file.path(), member, packed);
        }
        if (member.bytes() - ALWAYS_ALLOWED > MOST_EXPANSION * member.packedBytes()) {
            throw new FormatException(
                    file.path(),
                    "member " + FormatException.shown(member.name()) + " would unpack from " + member.packedBytes()
                            + " to "
                            + member.bytes() + " bytes; more than " + MOST_EXPANSION
                            + " times as many, and 16 MiB, are not unpacked");
        }
        return new MemberStream(file.path(), member, packed, new Inflater(true));
    }

    private void requireHeaderFirst() {
        ByteBuffer first =
                ByteBuffer.allocate((int) Math.min(Integer.BYTES, file.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        if (first.capacity() < Integer.BYTES || file.read(0, first).getInt() != HEADER) {
            throw invalid("it does not begin with the header of a member");
        }
    }

    private void requireExactCover(long directoryAt) {
        List<ZipMember> inOrder = new ArrayList<>(members.values());
        inOrder.sort(Comparator.comparingLong(ZipMember::headerAt));
        if (inOrder.isEmpty() || inOrder.get(0).headerAt() != 0) {
            throw invalid("its first member does not begin at byte 0");
        }
        for (int i = 0; i < inOrder.size(); i++) {
            ZipMember member = inOrder.get(i);
            long next = i + 1 < inOrder.size() ? inOrder.get(i + 1).headerAt() : directoryAt;
            LocalHeader header = new LocalHeader(file, member);
            long begin = header.dataAt(directoryAt);
            header.requireEndAt(begin, next);
            dataAt.put(member.name(), begin);
        }
    }

    private FormatException invalid(String problem) {
        return new FormatException(file.path(), "is not a valid zip archive: " + problem);
    }
}
