package org.blockrecurrent.tensor.io.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.blockrecurrent.tensor.io.pickle.PyList;
import org.blockrecurrent.tensor.io.pickle.PyTuple;
import org.jspecify.annotations.Nullable;

/** Which nodes are plain values: numbers, booleans, texts, and lists, tuples and sets of nothing else. */
final class PlainValues {
    private final WalkBudget budget;

    PlainValues(WalkBudget budget) {
        this.budget = budget;
    }

    /** Long, Double, Boolean, String or a list of such; null for whatever else. */
    @Nullable
    Object of(Object node, int depth) {
        budget.visit(depth);
        if (node instanceof Long || node instanceof Double || node instanceof Boolean || node instanceof String) {
            return node;
        }
        List<Object> items = items(node);
        return items == null ? null : list(items, depth + 1);
    }

    /** The items of a list, set or tuple; null for whatever else. */
    static @Nullable List<Object> items(@Nullable Object node) {
        if (node instanceof PyTuple tuple) {
            return tuple.items();
        }
        return node instanceof PyList list ? list.items() : null;
    }

    private @Nullable List<Object> list(List<Object> items, int depth) {
        List<Object> values = new ArrayList<>(items.size());
        for (Object item : items) {
            Object value = of(item, depth);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return Collections.unmodifiableList(values);
    }
}
