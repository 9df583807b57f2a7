package org.blockrecurrent.tensor.io.numpy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NearestNames;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.StoredValues;
import org.blockrecurrent.tensor.io.TensorFile;
import org.blockrecurrent.tensor.io.zip.ZipArchive;
import org.blockrecurrent.tensor.io.zip.ZipMember;

/**
 * What {@code numpy.savez} and {@code numpy.savez_compressed} wrote: a zip archive of {@code NAME.npy}, each an array called
 * NAME. A compressed array is unpacked in memory when it is read; how far is bounded by {@link ZipArchive}.
 */
public final class NpzFile implements TensorFile {
    private static final String SUFFIX = ".npy";
    /** Largest Java array, with a margin for its header. */
    private static final int LARGEST = Integer.MAX_VALUE - 16;

    private final PositionedFile file;
    private final ZipArchive archive;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(ZipMember member, NpyHeader header) {}

    private NpzFile(PositionedFile file, ZipArchive archive) throws IOException {
        this.file = file;
        this.archive = archive;
        for (ZipMember member : archive.members()) {
            String name = member.name();
            if (!name.endsWith(SUFFIX)) {
                throw new FormatException(where(), "holds " + FormatException.shown(name) + ", which is no .npy file");
            }
            try (InputStream in = archive.open(member)) {
                NpyHeader header = NpyHeader.read(in, where(name), member.bytes());
                entries.put(name.substring(0, name.length() - SUFFIX.length()), new Entry(member, header));
            }
        }
    }

    /** Opens the file and checks its directory and the headers of its arrays. */
    public static NpzFile open(Path path) {
        return PositionedFile.open(path, file -> of(file, ZipArchive.read(file)));
    }

    /** The same for a file that is open; the archive must be of that file. */
    public static NpzFile of(PositionedFile file, ZipArchive archive) throws IOException {
        return new NpzFile(file, archive);
    }

    /** Whether all members are arrays. */
    public static boolean isOne(ZipArchive archive) {
        return archive.members().stream().allMatch(member -> member.name().endsWith(SUFFIX));
    }

    @Override
    public String where() {
        return file.path().toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Shape shape(String name) {
        return TensorFile.shape(where(), name, entry(name).header().dims());
    }

    @Override
    public String dtype(String name) {
        return entry(name).header().dtype().name();
    }

    @Override
    public float[] floats(String name) {
        return values(name).floats();
    }

    @Override
    public double[] doubles(String name) {
        return values(name).doubles();
    }

    @Override
    public long[] longs(String name) {
        return values(name).longs();
    }

    /** Empty: the format has none. */
    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public void close() {
        file.close();
    }

    private StoredValues values(String name) {
        Entry entry = entry(name);
        NpyHeader header = entry.header();
        String label = "array " + FormatException.shown(name);
        if (entry.member().isStored()) {
            archive.requireIntact(entry.member());
            long dataAt = archive.dataAt(entry.member()) + header.dataAt();
            return StoredValues.in(file, label, header.dtype(), header.order(), dataAt, header.layout());
        }
        ByteBuffer data = unpacked(entry).position(header.dataAt()).slice().order(header.order());
        return StoredValues.in(file.path(), label, header.dtype(), data, header.layout());
    }

    private ByteBuffer unpacked(Entry entry) {
        if (entry.member().bytes() > LARGEST) {
            throw new FormatException(
                    where(entry.member().name()), "is compressed and larger than 2 GiB: save it by numpy.savez");
        }
        try (InputStream in = archive.open(entry.member())) {
            return ByteBuffer.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw FormatException.unreadable(file.path(), e);
        }
    }

    private String where(String member) {
        return where() + ", member " + FormatException.shown(member);
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException(
                    where(), "has no array " + FormatException.shown(name) + NearestNames.hint(name, entries.keySet()));
        }
        return entry;
    }
}
