package org.blockrecurrent.tensor.io.pickle;

import java.util.Collections;
import java.util.List;

/** A tuple. Equal only to itself, so that comparing never descends. */
public final class PyTuple {
    private final List<Object> items;

    PyTuple(List<Object> items) {
        this.items = Collections.unmodifiableList(items);
    }

    public List<Object> items() {
        return items;
    }

    @Override
    public String toString() {
        return "a tuple of " + items.size();
    }
}
