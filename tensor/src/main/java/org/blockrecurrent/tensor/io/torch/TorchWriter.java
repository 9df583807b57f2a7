package org.blockrecurrent.tensor.io.torch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.ShapeException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.tensor.autodiff.Parameter;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.zip.StoredZipWriter;

/**
 * Collects tensors and writes them as a state_dict that {@code torch.load(path, weights_only=True)} reads: the form that
 * {@link TorchFile} describes, 32-bit floats, every tensor with a storage of its own that begins at a multiple of 64 bytes.
 * Equal contents are equal bytes. Values are taken when {@link #write} is called.
 *
 * <pre>{@code
 * new TorchWriter().tensor("head.weight", weight).write(Path.of("model.pth"));
 * }</pre>
 */
public final class TorchWriter {
    private static final int ALIGNMENT = 64;
    private static final int CHUNK_FLOATS = 1 << 14;
    private static final String ROOT = "archive/";

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private record Entry(Shape shape, Supplier<float[]> values) {}

    /** Adds a tensor. Its values are read from the device when the file is written. */
    public TorchWriter tensor(String name, Tensor tensor) {
        return add(name, new Entry(tensor.shape(), tensor::toArray));
    }

    /** Adds the values of parameters under {@code prefix} and their names. */
    public TorchWriter parameters(String prefix, Collection<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            tensor(prefix + parameter.name(), parameter.value());
        }
        return this;
    }

    /** Adds an array. */
    public TorchWriter floats(String name, Shape shape, float... values) {
        if (values.length != shape.size()) {
            throw new ShapeException(FormatException.shown(name) + " " + shape + " needs " + shape.size()
                    + " values, got " + values.length);
        }
        return add(name, new Entry(shape, () -> values));
    }

    private TorchWriter add(String name, Entry entry) {
        if (entries.putIfAbsent(name, entry) != null) {
            throw new IllegalArgumentException("two tensors are called " + FormatException.shown(name));
        }
        return this;
    }

    /** Writes the file atomically, as {@link AtomicFile} does. */
    public void write(Path file) {
        AtomicFile.write(file, this::writeTo);
    }

    private void writeTo(OutputStream out) throws IOException {
        PickleWriter pickle = new PickleWriter();
        List<Entry> storages = new ArrayList<>();
        entries.forEach((name, entry) -> {
            pickle.tensor(name, Integer.toString(storages.size()), entry.shape());
            storages.add(entry);
        });
        StoredZipWriter zip = new StoredZipWriter(out);
        addBytes(zip, "data.pkl", pickle.finish());
        addBytes(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        for (int key = 0; key < storages.size(); key++) {
            float[] values = storages.get(key).values().get();
            zip.add(ROOT + "data/" + key, ALIGNMENT, member -> writeFloats(values, member));
        }
        addBytes(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
        zip.finish();
    }

    private static void addBytes(StoredZipWriter zip, String name, byte[] bytes) throws IOException {
        zip.add(ROOT + name, ALIGNMENT, member -> member.write(bytes));
    }

    private static void writeFloats(float[] values, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0, n; from < values.length; from += n) {
            n = Math.min(CHUNK_FLOATS, values.length - from);
            chunk.asFloatBuffer().put(values, from, n);
            out.write(chunk.array(), 0, n * Float.BYTES);
        }
    }
}
