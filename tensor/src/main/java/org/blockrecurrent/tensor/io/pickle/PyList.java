package org.blockrecurrent.tensor.io.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list or a set: nothing here depends on what is in a set twice. Equal only to itself. */
public final class PyList {
    private final List<Object> items = new ArrayList<>(0);
    private final boolean set;

    PyList(boolean set) {
        this.set = set;
    }

    void add(Object item) {
        items.add(item);
    }

    public boolean isSet() {
        return set;
    }

    public List<Object> items() {
        return Collections.unmodifiableList(items);
    }

    @Override
    public String toString() {
        return (set ? "a set of " : "a list of ") + items.size();
    }
}
