package org.blockrecurrent.tensor.io.pickle;

import java.math.BigInteger;
import java.util.List;
import org.blockrecurrent.tensor.io.FormatException;

/** What opcodes do. Whatever would make Python load or call something makes a name here, or an end. */
final class PickleMachine {
    private static final int OLDEST_PROTOCOL = 2;
    private static final int NEWEST_PROTOCOL = 5;

    final PickleInput in;
    final PickleStack stack;
    private final PickleMeaning meaning;

    PickleMachine(PickleInput in, PickleMeaning meaning) {
        this.in = in;
        this.meaning = meaning;
        stack = new PickleStack(in);
    }

    /** Runs to STOP; what is then the only thing on the stack. */
    Object run() {
        Opcode opcode;
        do {
            int code = in.unsignedByte();
            opcode = Opcode.of(code);
            if (opcode == null) {
                throw in.invalid(String.format("unknown opcode 0x%02x", code));
            }
            opcode.apply(this);
        } while (opcode != Opcode.STOP);
        Object root = stack.peek();
        if (!stack.isSingle()) {
            throw in.invalid("the pickle stops with more than one thing on its stack");
        }
        return root;
    }

    void protocol() {
        int protocol = in.unsignedByte();
        if (protocol < OLDEST_PROTOCOL || protocol > NEWEST_PROTOCOL) {
            throw in.invalid("unsupported protocol " + protocol);
        }
    }

    void frame() {
        long bytes = in.signedLong();
        if (bytes < 0 || bytes > in.remaining()) {
            throw in.invalid(
                    "a frame of " + Long.toUnsignedString(bytes) + " bytes, but " + in.remaining() + " are left");
        }
    }

    /** Python 2's way to write a text, as far as it needs no escapes. */
    void quoted() {
        String line = in.line();
        boolean quoted = line.length() >= 2 && line.charAt(0) == '\'' && line.indexOf('\'', 1) == line.length() - 1;
        if (!quoted || line.indexOf('\\') >= 0) {
            throw in.invalid("a text that is not in simple quotes");
        }
        stack.push(line.substring(1, line.length() - 1));
    }

    long memoId() {
        String line = in.line();
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException e) {
            throw in.invalid("a memo id that is no number");
        }
    }

    void list() {
        PyList list = new PyList(false);
        stack.popMark().forEach(list::add);
        stack.push(list);
    }

    void frozenSet() {
        PyList set = new PyList(true);
        stack.popMark().forEach(set::add);
        stack.push(set);
    }

    void dict() {
        List<Object> items = stack.popMark();
        stack.push(new PyDict());
        setItems(items);
    }

    void append(List<Object> items) {
        Object target = stack.peek();
        if (target instanceof PyList list) {
            items.forEach(list::add);
        } else if (target instanceof PyObject object) {
            items.forEach(object.elements()::add);
        } else {
            throw in.invalid("something is appended to " + named(target));
        }
    }

    void setItems(List<Object> items) {
        Object target = stack.peek();
        if (!(target instanceof PyDict) && !(target instanceof PyObject) || items.size() % 2 != 0) {
            throw in.invalid("keys and values are set on " + named(target));
        }
        PyDict dict = target instanceof PyObject object ? object.entries() : (PyDict) target;
        for (int i = 0; i < items.size(); i += 2) {
            setItem(dict, items.get(i), items.get(i + 1));
        }
    }

    private void setItem(PyDict dict, Object key, Object value) {
        if (!Containers.isKey(key)) {
            throw in.invalid(named(key) + " cannot be a key");
        }
        if (!dict.putNew(key, value)) {
            throw in.invalid("duplicate key " + named(key));
        }
    }

    PyGlobal globalOfLines() {
        String module = in.line();
        return new PyGlobal(module, in.line());
    }

    void stackGlobal() {
        List<Object> names = stack.popLast(2);
        if (!(names.get(0) instanceof String module) || !(names.get(1) instanceof String name)) {
            throw in.invalid("the name of a class is no text");
        }
        stack.push(new PyGlobal(module, name));
    }

    void call() {
        Object arguments = stack.pop();
        Object function = stack.pop();
        if (!(function instanceof PyGlobal global) || !(arguments instanceof PyTuple tuple)) {
            throw in.invalid(named(function) + " is called with " + named(arguments) + " for its arguments");
        }
        Object made = Containers.made(global, tuple.items());
        if (made == null && meaning.knows(global)) {
            made = new PyObject(global, tuple.items());
        }
        if (made == null) {
            throw refused(global);
        }
        stack.push(made);
    }

    /** An object of any class is only its name and its state; but what a class makes of arguments, only Python knows. */
    void newObject() {
        Object arguments = stack.pop();
        Object type = stack.pop();
        if (!(type instanceof PyGlobal global) || !(arguments instanceof PyTuple tuple)) {
            throw in.invalid(
                    "an object is made of " + named(type) + " with " + named(arguments) + " for its arguments");
        }
        if (!tuple.items().isEmpty()) {
            throw refused(global);
        }
        stack.push(new PyObject(global, List.of()));
    }

    void build() {
        Object state = stack.pop();
        Object target = stack.peek();
        if (target instanceof PyObject object) {
            object.setState(state);
        } else if (!(target
                instanceof PyDict)) { // the attributes of an OrderedDict are its metadata, which we do not need
            throw in.invalid("a state is set on " + named(target));
        }
    }

    void reference() {
        Object id = stack.pop();
        Object reference = meaning.reference(id);
        if (reference == null) {
            throw in.invalid("a persistent id of an unknown form: " + named(id));
        }
        stack.push(reference);
    }

    void refuseNewObjectWithKeywords() {
        Object type = stack.popLast(3).get(0);
        throw type instanceof PyGlobal global ? refused(global) : in.invalid("an object is made of " + named(type));
    }

    void refuseObject() {
        List<Object> items = stack.popMark();
        boolean named = !items.isEmpty() && items.get(0) instanceof PyGlobal;
        throw named ? refused((PyGlobal) items.get(0)) : in.invalid("an object is made of nothing that is a class");
    }

    void refuse(PyGlobal global) {
        throw refused(global);
    }

    void refuse(String what) {
        throw in.invalid("unsupported opcode: " + what);
    }

    private FormatException refused(PyGlobal global) {
        return in.invalid(
                "would have Python call " + FormatException.shown(global.toString())
                        + ", which no file of tensors needs; nothing was called. If you trust the file, save its state_dict alone");
    }

    /** The node as messages call it, without descending into it. */
    static String named(Object node) {
        if (node instanceof String text) {
            return FormatException.shown(text);
        }
        if (node instanceof PyGlobal global) {
            return FormatException.shown(global.toString());
        }
        if (node instanceof PyObject object) {
            return "an object made by " + FormatException.shown(object.maker().toString());
        }
        return node instanceof byte[] || node instanceof BigInteger
                ? "a " + node.getClass().getSimpleName()
                : node.toString();
    }
}
