package org.blockrecurrent.tensor.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.Checksum;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;

/**
 * A safetensors file, read strictly.
 *
 * <pre>
 *   8 bytes   N, unsigned little-endian: length of the header
 *   N bytes   JSON {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, …, "__metadata__": {…}}
 *   the rest  values, little-endian, row-major; the offsets cover it exactly, without holes or overlaps
 * </pre>
 *
 * <p>Nothing is believed before it is checked against the size of the file. The file is held open and read by positioned
 * reads (never mapped: a mapped file that is cut short ends the JVM), so that several threads may read. A file that is
 * cut short meanwhile is noticed; one that is replaced by a move is read to its end as it was.
 *
 * <p>Source of the rules: the format's README and its Rust reader, safetensors 0.8.0; keys that occur twice are refused.
 */
public final class SafetensorsFile implements TensorFile {
    private static final int LENGTH_BYTES = 8;
    private static final long LONGEST_HEADER = 100_000_000;
    private static final int CHUNK_BYTES = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final long fileBytes;
    private final long dataStart;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;

    private SafetensorsFile(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        fileBytes = channel.size();
        dataStart = LENGTH_BYTES + headerLength();
        HeaderParser header = HeaderParser.parse(file, new FileSection(file, channel, LENGTH_BYTES, dataStart));
        entries = header.entries();
        metadata = Collections.unmodifiableMap(header.metadata());
        requireExactCover();
    }

    /** Opens the file and checks its header; throws a {@link FormatException} that says what is wrong with it. */
    public static SafetensorsFile open(Path file) {
        FileChannel channel = null;
        boolean opened = false;
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FormatException(file, "is not a regular file");
            }
            channel = FileChannel.open(file, StandardOpenOption.READ);
            SafetensorsFile safetensors = new SafetensorsFile(file, channel);
            opened = true;
            return safetensors;
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        } finally {
            if (!opened) {
                closeQuietly(channel);
            }
        }
    }

    @Override
    public String where() {
        return file.toString();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public Shape shape(String name) {
        TensorEntry entry = entry(name);
        int[] dims = new int[entry.dims().length];
        try {
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.toIntExact(entry.dims()[i]);
            }
            return Shape.of(dims);
        } catch (ArithmeticException | ShapeException e) {
            throw new FormatException(
                    file, "tensor " + FormatException.shown(name) + " has an axis or more elements than 2^31 - 1", e);
        }
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
        TensorEntry entry = readable(name);
        Dtype dtype = entry.dtype();
        float[] values = new float[size(entry)];
        forEachChunk(entry, (chunk, at, n) -> {
            if (dtype == Dtype.F32) {
                chunk.asFloatBuffer().get(values, at, n);
                return;
            }
            for (int i = at; i < at + n; i++) {
                values[i] = dtype.isInteger() ? integer(entry, chunk) : (float) dtype.nextReal(chunk);
            }
        });
        return values;
    }

    /** As {@link #floats}, in double precision: everything but integers beyond 2⁵³ is exact. */
    public double[] doubles(String name) {
        TensorEntry entry = readable(name);
        Dtype dtype = entry.dtype();
        double[] values = new double[size(entry)];
        forEachChunk(entry, (chunk, at, n) -> {
            for (int i = at; i < at + n; i++) {
                values[i] = dtype.isInteger() ? integer(entry, chunk) : dtype.nextReal(chunk);
            }
        });
        return values;
    }

    /** The values of an integer or boolean tensor; true is 1. Refuses floating-point tensors. */
    public long[] longs(String name) {
        TensorEntry entry = readable(name);
        if (!entry.dtype().isInteger()) {
            throw new FormatException(
                    file,
                    "tensor " + FormatException.shown(name) + " has dtype " + entry.dtype()
                            + ", whole numbers are needed");
        }
        long[] values = new long[size(entry)];
        forEachChunk(entry, (chunk, at, n) -> {
            for (int i = at; i < at + n; i++) {
                values[i] = integer(entry, chunk);
            }
        });
        return values;
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    /** Adds the raw bytes of a tensor to a checksum. */
    void digest(String name, Checksum checksum) {
        forEachChunk(entry(name), (chunk, at, n) -> checksum.update(chunk));
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            return; // nothing was written through it
        }
    }

    private long headerLength() throws IOException {
        if (fileBytes < LENGTH_BYTES) {
            throw new FormatException(
                    file,
                    "is " + fileBytes + " bytes long; a safetensors file begins with 8 bytes of " + "header length");
        }
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        new FileSection(file, channel, 0, LENGTH_BYTES).readFully(length);
        long bytes = length.getLong(0);
        if (Long.compareUnsigned(bytes, LONGEST_HEADER) > 0) {
            throw new FormatException(
                    file,
                    "claims a header of " + Long.toUnsignedString(bytes)
                            + " bytes; at most 100 MB are allowed: this is not a safetensors file");
        }
        if (bytes > fileBytes - LENGTH_BYTES) {
            throw new FormatException(
                    file,
                    "claims a header of " + bytes + " bytes, but has only " + (fileBytes - LENGTH_BYTES)
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
        long dataBytes = fileBytes - dataStart;
        if (covered != dataBytes) {
            throw new FormatException(
                    file,
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
        return new FormatException(file, "tensor " + FormatException.shown(entry.name()) + ": " + problem);
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = entries.get(name);
        if (entry == null) {
            throw new FormatException(
                    file, "has no tensor " + FormatException.shown(name) + NearestNames.hint(name, entries.keySet()));
        }
        return entry;
    }

    private TensorEntry readable(String name) {
        TensorEntry entry = entry(name);
        if (!entry.dtype().isReadable()) {
            throw invalid(entry, "unsupported dtype " + entry.dtype() + ": convert the file to F32, F16 or BF16");
        }
        return entry;
    }

    private int size(TensorEntry entry) {
        long elements = entry.elements();
        if (elements > Integer.MAX_VALUE) {
            throw invalid(entry, "has " + elements + " elements, more than an array can hold");
        }
        return (int) elements;
    }

    private long integer(TensorEntry entry, ByteBuffer chunk) {
        long value = entry.dtype().nextLong(chunk);
        if (entry.dtype() == Dtype.U64 && value < 0) {
            throw invalid(entry, "holds " + Long.toUnsignedString(value) + ", more than 2^63 - 1");
        }
        return value;
    }

    /** {@code n} elements that begin with element {@code at}, or for types of less than a byte just their bytes. */
    private interface Chunks {
        void accept(ByteBuffer chunk, int at, int n);
    }

    private void forEachChunk(TensorEntry entry, Chunks chunks) {
        long bytes = entry.end() - entry.begin();
        int elementBytes = Math.max(1, entry.dtype().bytes());
        ByteBuffer chunk =
                ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bytes)).order(ByteOrder.LITTLE_ENDIAN);
        try {
            if (channel.size() != fileBytes) {
                throw new FormatException(file, "changed its size while it was open");
            }
            FileSection data = new FileSection(file, channel, dataStart + entry.begin(), dataStart + entry.end());
            for (long done = 0; done < bytes; done += chunk.limit()) {
                chunk.clear().limit((int) Math.min(chunk.capacity(), bytes - done));
                data.readFully(chunk);
                chunks.accept(chunk.flip(), (int) (done / elementBytes), chunk.limit() / elementBytes);
            }
        } catch (IOException e) {
            throw FormatException.unreadable(file, e);
        }
    }
}
