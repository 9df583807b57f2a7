package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Checksum;
import org.blockrecurrent.tensor.Shape;

/**
 * A safetensors file, read strictly.
 *
 * <pre>
 *   8 bytes   N, unsigned little-endian: length of the header
 *   N bytes   JSON {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …, "__metadata__": {…}}
 *   the rest  values, little-endian, row-major; the offsets cover it exactly, without holes or overlaps
 * </pre>
 *
 * <p>Nothing is believed before it is checked against the size of the file, which is held open as {@link PositionedFile}
 * says.
 *
 * <p>Source of the rules: the format's README and its Rust reader, safetensors 0.8.0; keys that occur twice are refused.
 */
public final class SafetensorsFile implements TensorFile {
    private static final int LENGTH_BYTES = 8;
    private static final long LONGEST_HEADER = 100_000_000;

    private final PositionedFile file;
    private final long dataStart;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;

    private SafetensorsFile(PositionedFile file) throws IOException {
        this.file = file;
        dataStart = LENGTH_BYTES + headerLength();
        HeaderParser header = HeaderParser.parse(file.path(), file.section(LENGTH_BYTES, dataStart));
        entries = header.entries();
        metadata = Collections.unmodifiableMap(header.metadata());
        requireExactCover();
    }

    /** Opens the file and checks its header; throws a {@link FormatException} that says what is wrong with it. */
    public static SafetensorsFile open(Path file) {
        return PositionedFile.open(file, SafetensorsFile::of);
    }

    /** The same for a file that is open. */
    public static SafetensorsFile of(PositionedFile file) throws IOException {
        return new SafetensorsFile(file);
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
        return TensorFile.shape(file.path(), name, entry(name).dims());
    }

    @Override
    public String dtype(String name) {
        return entry(name).dtype().name();
    }

    @Override
    public Map<String, String> metadata() {
        return metadata;
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

    @Override
    public void close() {
        file.close();
    }

    /** Adds the raw bytes of a tensor to a checksum. */
    void digest(String name, Checksum checksum) {
        TensorEntry entry = entry(name);
        file.forEachChunk(
                dataStart + entry.begin(), dataStart + entry.end(), (chunk, offset) -> checksum.update(chunk));
    }

    private StoredValues values(String name) {
        TensorEntry entry = entry(name);
        return StoredValues.in(
                file,
                "tensor " + FormatException.shown(name),
                entry.dtype(),
                ByteOrder.LITTLE_ENDIAN,
                dataStart + entry.begin(),
                Layout.rowMajor(entry.elements()));
    }

    private long headerLength() {
        if (file.bytes() < LENGTH_BYTES) {
            throw new FormatException(
                    file.path(),
                    "is " + file.bytes() + " bytes long; a safetensors file begins with 8 bytes of header length");
        }
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long bytes = file.read(0, length).getLong();
        if (Long.compareUnsigned(bytes, LONGEST_HEADER) > 0) {
            throw new FormatException(
                    file.path(),
                    "claims a header of " + Long.toUnsignedString(bytes)
                            + " bytes; at most 100 MB are allowed: this is not a safetensors file");
        }
        if (bytes > file.bytes() - LENGTH_BYTES) {
            throw new FormatException(
                    file.path(),
                    "claims a header of " + bytes + " bytes, but has only " + (file.bytes() - LENGTH_BYTES)
                            + " after the length: the file is cut short");
        }
        return bytes;
    }

    private void requireExactCover() {
        List<TensorEntry> inOrder = new ArrayList<>(entries.values());
        inOrder.sort(Comparator.comparing(TensorEntry::begin, Long::compareUnsigned)
                .thenComparing(TensorEntry::end, Long::compareUnsigned));
        long covered = 0;
        for (TensorEntry entry : inOrder) {
            requireConsistent(entry, covered);
            covered = entry.end();
        }
        long dataBytes = file.bytes() - dataStart;
        if (covered != dataBytes) {
            throw new FormatException(
                    file.path(),
                    "its tensors take " + Long.toUnsignedString(covered) + " bytes, but " + dataBytes
                            + " follow the header: the file is incomplete or has been appended to");
        }
    }

    private void requireConsistent(TensorEntry entry, long covered) {
        if (entry.begin() != covered || Long.compareUnsigned(entry.end(), entry.begin()) < 0) {
            throw invalid(
                    entry,
                    "offsets " + offsets(entry) + " leave a hole or overlap: the data is covered up to "
                            + Long.toUnsignedString(covered));
        }
        long bits = entry.dataBits();
        if (TensorEntry.isHuge(bits)) {
            throw invalid(entry, "its size overflows 64 bits");
        }
        long bytes = entry.end() - entry.begin();
        if (bits % 8 != 0 || Long.divideUnsigned(bits, 8) != bytes) {
            throw invalid(
                    entry,
                    "its shape needs " + Long.divideUnsigned(bits, 8) + " bytes of " + entry.dtype() + ", its offsets "
                            + offsets(entry) + " hold " + Long.toUnsignedString(bytes));
        }
    }

    private static String offsets(TensorEntry entry) {
        return "[" + Long.toUnsignedString(entry.begin()) + ", " + Long.toUnsignedString(entry.end()) + "]";
    }

    private FormatException invalid(TensorEntry entry, String problem) {
        return new FormatException(file.path(), "tensor " + FormatException.shown(entry.name()) + ": " + problem);
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException(
                    file.path(),
                    "has no tensor " + FormatException.shown(name) + NearestNames.hint(name, entries.keySet()));
        }
        return entry;
    }
}
