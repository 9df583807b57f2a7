package org.blockrecurrent.tensor.io.pickle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the pickle would have Python make by a class or by calling a function: the name, the arguments, and the state that is
 * set afterwards. Nothing is made of it here.
 */
public final class PyObject {
    private final PyGlobal maker;
    private final List<Object> arguments;
    private @Nullable PyDict entries;
    private @Nullable PyList elements;
    private @Nullable Object state;

    PyObject(PyGlobal maker, List<Object> arguments) {
        this.maker = maker;
        this.arguments = arguments;
    }

    /** The class or the function. */
    public PyGlobal maker() {
        return maker;
    }

    /** Of the function; empty for a class. */
    public List<Object> arguments() {
        return arguments;
    }

    /** Attributes, as a rule {@link PyDict}; null if none were set. */
    public @Nullable Object state() {
        return state;
    }

    /** The entries, if the class is a kind of dict. */
    public PyDict entries() {
        if (entries == null) {
            entries = new PyDict();
        }
        return entries;
    }

    /** The elements, if the class is a kind of list. */
    public PyList elements() {
        if (elements == null) {
            elements = new PyList(false);
        }
        return elements;
    }

    void setState(Object newState) {
        state = newState;
    }

    @Override
    public String toString() {
        return "an object made by " + maker;
    }
}
