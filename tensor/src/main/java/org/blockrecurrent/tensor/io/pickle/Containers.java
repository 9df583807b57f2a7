package org.blockrecurrent.tensor.io.pickle;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The calls by which pickles make Python's own containers. */
final class Containers {
    private static final Set<String> BUILTINS = Set.of("builtins", "__builtin__");

    private Containers() {}

    /** The container, or null if it is another function or has other arguments. */
    static @Nullable Object made(PyGlobal function, List<Object> arguments) {
        if (function.module().equals("collections")) {
            return switch (function.name()) {
                case "OrderedDict" -> arguments.isEmpty() ? new PyDict() : dictOfPairs(arguments);
                case "defaultdict" -> arguments.size() <= 1 ? new PyDict() : null;
                default -> null;
            };
        }
        if (BUILTINS.contains(function.module())) {
            return switch (function.name()) {
                case "set", "frozenset" -> listOf(arguments, true);
                case "dict" -> arguments.isEmpty() ? new PyDict() : null;
                case "list" -> listOf(arguments, false);
                default -> null;
            };
        }
        return null;
    }

    private static @Nullable PyList listOf(List<Object> arguments, boolean set) {
        PyList list = new PyList(set);
        List<Object> items = arguments.isEmpty() ? List.of() : items(arguments.get(0));
        if (arguments.size() > 1 || items == null) {
            return null;
        }
        items.forEach(list::add);
        return list;
    }

    /** As Python 2 wrote it: one list of pairs. */
    private static @Nullable PyDict dictOfPairs(List<Object> arguments) {
        List<Object> pairs = arguments.size() == 1 ? items(arguments.get(0)) : null;
        if (pairs == null) {
            return null;
        }
        PyDict dict = new PyDict();
        for (Object element : pairs) {
            List<Object> pair = items(element);
            if (pair == null || pair.size() != 2 || !isKey(pair.get(0)) || !dict.putNew(pair.get(0), pair.get(1))) {
                return null;
            }
        }
        return dict;
    }

    /** Whether Python can use it as a key. */
    static boolean isKey(Object node) {
        return !(node instanceof PyDict) && !(node instanceof PyList);
    }

    private static @Nullable List<Object> items(Object node) {
        if (node instanceof PyTuple tuple) {
            return tuple.items();
        }
        return node instanceof PyList list ? list.items() : null;
    }
}
