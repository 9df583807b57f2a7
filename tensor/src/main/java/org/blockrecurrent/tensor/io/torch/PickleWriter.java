package org.blockrecurrent.tensor.io.torch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.blockrecurrent.tensor.Shape;

/** Writes the pickle of a state_dict, protocol 2: an OrderedDict of names and calls of {@code _rebuild_tensor_v2}. */
final class PickleWriter {
    private static final String ORDERED_DICT = "collections\nOrderedDict\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> memo = new HashMap<>();

    /** Begins the state_dict. */
    PickleWriter() {
        out.write(0x80);
        out.write(2);
        emptyOrderedDict();
        out.write('(');
    }

    /** Adds a contiguous tensor of 32-bit floats that fills its storage. */
    void tensor(String name, String storageKey, Shape shape) {
        text(name);
        global("torch._utils\n_rebuild_tensor_v2\n");
        out.write('(');
        storage(storageKey, shape.size());
        integer(0);
        tuple(shape.dims());
        tuple(strides(shape));
        out.write(0x89); // requires_grad=False
        emptyOrderedDict(); // no hooks
        out.write('t');
        out.write('R');
    }

    /** Ends the state_dict. */
    byte[] finish() {
        out.write('u');
        out.write('.');
        return out.toByteArray();
    }

    private void storage(String key, int elements) {
        out.write('(');
        shared("storage");
        global("torch\nFloatStorage\n");
        text(key);
        shared("cpu");
        integer(elements);
        out.write('t');
        out.write('Q');
    }

    private void emptyOrderedDict() {
        global(ORDERED_DICT);
        out.write(')');
        out.write('R');
    }

    private void tuple(int[] numbers) {
        out.write('(');
        for (int number : numbers) {
            integer(number);
        }
        out.write('t');
    }

    private void integer(int number) {
        out.write('J');
        littleEndian(number);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write('X');
        littleEndian(bytes.length);
        out.writeBytes(bytes);
    }

    private void global(String lines) {
        if (!recall(lines)) {
            out.write('c');
            out.writeBytes(lines.getBytes(StandardCharsets.US_ASCII));
            remember(lines);
        }
    }

    private void shared(String text) {
        if (!recall(text)) {
            text(text);
            remember(text);
        }
    }

    private boolean recall(String what) {
        Integer id = memo.get(what);
        if (id != null) {
            out.write('h');
            out.write(id);
        }
        return id != null;
    }

    private void remember(String what) {
        out.write('q');
        out.write(memo.size());
        memo.put(what, memo.size());
    }

    private void littleEndian(int number) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
    }

    private static int[] strides(Shape shape) {
        int[] strides = shape.dims();
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            int extent = strides[axis];
            strides[axis] = stride;
            stride *= Math.max(1, extent);
        }
        return strides;
    }
}
