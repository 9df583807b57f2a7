package org.blockrecurrent.tensor.io;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Parameter;

/**
 * Collects tensors and metadata and writes them as a safetensors file: tensors in the order in which they were added,
 * metadata in the order of their keys, so that equal contents are equal bytes; the values
 * begin at a multiple of 8 bytes. Nothing is copied: values are taken when {@link #write} is called.
 *
 * <pre>{@code
 * new SafetensorsWriter().metadata("format", "pt").tensor("weight", weight).write(path);
 * }</pre>
 */
public final class SafetensorsWriter {
    private static final int LENGTH_BYTES = 8;
    private static final int ALIGNMENT = 8;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final String METADATA = "__metadata__";

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    /** What is to be written under a name. {@code fillers} gives access to the values, once for each pass over them. */
    private record Entry(Dtype dtype, Shape shape, Supplier<Filler> fillers) {
        long bytes() {
            return (long) shape.size() * dtype.bytes();
        }
    }

    /** Puts elements {@code from} (inclusive) to {@code to} (exclusive). */
    private interface Filler {
        void put(ByteBuffer buffer, int from, int to);
    }

    private interface Sink {
        void accept(byte[] bytes, int n) throws IOException;
    }

    /** Adds a text; a later one of the same key replaces it. */
    public SafetensorsWriter metadata(String key, String value) {
        requireWellFormed(key);
        requireWellFormed(value);
        metadata.put(key, value);
        return this;
    }

    /** Adds a tensor as F32. Its values are read from the device when the file is written. */
    public SafetensorsWriter tensor(String name, Tensor tensor) {
        return add(name, Dtype.F32, tensor.shape(), () -> floatFiller(tensor.toArray()));
    }

    /** Adds the values of parameters under {@code prefix} and their names. */
    public SafetensorsWriter parameters(String prefix, Collection<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            tensor(prefix + parameter.name(), parameter.value());
        }
        return this;
    }

    /** Adds an array as F32. */
    public SafetensorsWriter floats(String name, Shape shape, float... values) {
        requireSize(name, shape, values.length);
        return add(name, Dtype.F32, shape, () -> floatFiller(values));
    }

    /** Adds an array as F32 that is made when the file is written, and again for a checksum: not all need be there at once. */
    public SafetensorsWriter floats(String name, Shape shape, Supplier<float[]> values) {
        return add(name, Dtype.F32, shape, () -> {
            float[] made = values.get();
            requireSize(name, shape, made.length);
            return floatFiller(made);
        });
    }

    /** Adds an array as F64. */
    public SafetensorsWriter doubles(String name, Shape shape, double... values) {
        requireSize(name, shape, values.length);
        return add(name, Dtype.F64, shape, () -> (buffer, from, to) -> {
            for (int i = from; i < to; i++) {
                buffer.putDouble(values[i]);
            }
        });
    }

    /** Adds an array as I64. */
    public SafetensorsWriter longs(String name, Shape shape, long... values) {
        requireSize(name, shape, values.length);
        return add(name, Dtype.I64, shape, () -> (buffer, from, to) -> {
            for (int i = from; i < to; i++) {
                buffer.putLong(values[i]);
            }
        });
    }

    /** Writes the file atomically, as {@link AtomicFile} does. */
    public void write(Path file) {
        byte[] header = paddedHeader();
        AtomicFile.write(file, out -> writeTo(out, header));
    }

    /** Adds the checksum of everything else under the given key. Nothing may be added after it. */
    SafetensorsWriter checksummed(String key) {
        ContentChecksum checksum = new ContentChecksum();
        checksum.metadata(metadata, key);
        entries.forEach((name, entry) -> {
            checksum.tensor(name, entry.dtype().name(), entry.shape().dims());
            try {
                forEachChunk(entry, checksum::values);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return metadata(key, checksum.text());
    }

    private void writeTo(OutputStream out, byte[] header) throws IOException {
        out.write(littleEndian(LENGTH_BYTES).putLong(header.length).array());
        out.write(header);
        for (Entry entry : entries.values()) {
            forEachChunk(entry, (bytes, n) -> out.write(bytes, 0, n));
        }
    }

    private SafetensorsWriter add(String name, Dtype dtype, Shape shape, Supplier<Filler> fillers) {
        requireWellFormed(name);
        if (name.equals(METADATA) || entries.putIfAbsent(name, new Entry(dtype, shape, fillers)) != null) {
            throw new IllegalArgumentException("a tensor cannot be called " + name + ": the name is taken");
        }
        return this;
    }

    private static void requireSize(String name, Shape shape, int size) {
        if (shape.size() != size) {
            throw new ShapeException(name + ": shape " + shape + " needs " + shape.size() + " values, got " + size);
        }
    }

    private static void requireWellFormed(String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("lone surrogate in " + FormatException.shown(text));
        }
    }

    private static Filler floatFiller(float[] values) {
        return (buffer, from, to) -> {
            buffer.asFloatBuffer().put(values, from, to - from);
            buffer.position(buffer.position() + (to - from) * Float.BYTES);
        };
    }

    private static void forEachChunk(Entry entry, Sink sink) throws IOException {
        ByteBuffer buffer = littleEndian(CHUNK_BYTES);
        int step = CHUNK_BYTES / entry.dtype().bytes();
        int size = entry.shape().size();
        Filler filler = entry.fillers().get();
        for (int from = 0; from < size; from += step) {
            filler.put(buffer.clear(), from, from + Math.min(step, size - from));
            sink.accept(buffer.array(), buffer.position());
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The header in UTF-8, followed by spaces so that the values begin at a multiple of {@link #ALIGNMENT}. */
    private byte[] paddedHeader() {
        byte[] header = headerText().getBytes(StandardCharsets.UTF_8);
        int padded = Math.addExact(header.length, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        byte[] bytes = Arrays.copyOf(header, padded);
        Arrays.fill(bytes, header.length, padded, (byte) ' ');
        return bytes;
    }

    private String headerText() {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            writeMetadata(json);
            long begin = 0;
            for (Map.Entry<String, Entry> named : entries.entrySet()) {
                long end = begin + named.getValue().bytes();
                writeEntry(json.name(named.getKey()), named.getValue(), begin, end);
                begin = end;
            }
            json.endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private void writeMetadata(JsonWriter json) throws IOException {
        if (!metadata.isEmpty()) {
            json.name(METADATA).beginObject();
            for (Map.Entry<String, String> entry : metadata.entrySet()) {
                json.name(entry.getKey()).value(entry.getValue());
            }
            json.endObject();
        }
    }

    private static void writeEntry(JsonWriter json, Entry entry, long begin, long end) throws IOException {
        json.beginObject()
                .name("dtype")
                .value(entry.dtype().name())
                .name("shape")
                .beginArray();
        for (int dim : entry.shape().dims()) {
            json.value(dim);
        }
        json.endArray()
                .name("data_offsets")
                .beginArray()
                .value(begin)
                .value(end)
                .endArray()
                .endObject();
    }
}
