package org.blockrecurrent.tensor.io.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dict of any kind, in the order of its keys. Equal only to itself. */
public final class PyDict {
    private Map<Object, Object> entries = Map.of(); // until there is one: an empty dict takes a byte of pickle

    /** False if the key is there already. */
    boolean putNew(Object key, Object value) {
        if (entries.isEmpty()) {
            entries = new LinkedHashMap<>();
        }
        return entries.putIfAbsent(key, value) == null;
    }

    /** The value of a text key, or null. */
    public @Nullable Object get(String key) {
        return entries.get(key);
    }

    public Map<Object, Object> entries() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public String toString() {
        return "a dict of " + entries.size();
    }
}
