package org.blockrecurrent.tensor.io.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.pickle.Pickle;
import org.blockrecurrent.tensor.io.pickle.PyDict;
import org.blockrecurrent.tensor.io.pickle.PyList;
import org.blockrecurrent.tensor.io.pickle.PyObject;

/**
 * The tensors and plain values of what was saved, each under its path. A dict adds its keys to the path, a list its indices,
 * an object the names of its attributes; only a {@code torch.nn.Module} adds nothing for {@code _parameters}, {@code
 * _buffers} and {@code _modules}, so that its tensors have the names that they have in its state_dict, in that order.
 */
final class Contents {
    private static final List<String> MODULE_PARTS = List.of("_parameters", "_buffers", "_modules");
    private static final String NOT_SAVED = "_non_persistent_buffers_set";

    private final Object where;
    private final WalkBudget budget;
    private final TensorBuilder builder;
    private final PlainValues plain;
    private final Map<String, TensorView> tensors = new LinkedHashMap<>();
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private Contents(Object where) {
        this.where = where;
        budget = new WalkBudget(where);
        builder = new TensorBuilder(where);
        plain = new PlainValues(budget);
    }

    /** Walks what a pickle holds; throws a {@link FormatException} unless it is a dict or a module. */
    static Contents of(Object where, Object root) {
        Contents contents = new Contents(where);
        boolean container = root instanceof PyDict || root instanceof PyObject;
        if (!container || contents.builder.view(root, "at the root") != null) {
            throw new FormatException(
                    where,
                    "holds " + (container ? "a single tensor" : Pickle.named(root)) + ", no state_dict and no module");
        }
        contents.walk(root, "", 0);
        return contents;
    }

    Map<String, TensorView> tensors() {
        return tensors;
    }

    Map<String, Object> attributes() {
        return attributes;
    }

    private void walk(Object node, String path, int depth) {
        budget.visit(depth);
        TensorView view = builder.view(node, path);
        if (view != null) {
            addTensor(path, view);
        } else if (node instanceof PyObject object) {
            walkObject(object, path, depth);
        } else if (node instanceof PyDict dict) {
            dict.entries().forEach((key, value) -> walk(value, join(path, key), depth + 1));
        } else {
            walkPlain(node, path, depth);
        }
    }

    private void walkPlain(Object node, String path, int depth) {
        Object value = plain.of(node, depth);
        if (value != null) {
            attributes.put(budget.name(path), value);
            return;
        }
        List<Object> items = PlainValues.items(node);
        for (int i = 0; items != null && i < items.size(); i++) {
            walk(items.get(i), join(path, i), depth + 1);
        }
    }

    private void walkObject(PyObject object, String path, int depth) {
        if (object.arguments().isEmpty()) { // made by its class, not by a call
            attributes.put(
                    budget.name(join(path, Attributes.CLASS)), object.maker().toString());
        }
        walk(object.entries(), path, depth + 1);
        walkElements(object.elements(), path, depth);
        if (!(object.state() instanceof PyDict state)) {
            return;
        }
        if (state.get("_parameters") instanceof PyDict && state.get("_modules") instanceof PyDict) {
            walkModule(state, path, depth);
        } else {
            walk(state, path, depth + 1);
        }
    }

    private void walkElements(PyList elements, String path, int depth) {
        for (int i = 0; i < elements.items().size(); i++) {
            walk(elements.items().get(i), join(path, i), depth + 1);
        }
    }

    private void walkModule(PyDict state, String path, int depth) {
        state.entries().forEach((key, value) -> {
            boolean isPrivate = key instanceof String name && name.startsWith("_");
            Object attribute = isPrivate ? null : plain.of(value, depth + 1);
            if (attribute != null) {
                attributes.put(budget.name(join(path, key)), attribute);
            }
        });
        List<Object> notSaved = PlainValues.items(state.get(NOT_SAVED));
        for (String part : MODULE_PARTS) {
            if (state.get(part) instanceof PyDict members) {
                members.entries().forEach((key, value) -> {
                    boolean saved = !part.equals("_buffers") || notSaved == null || !notSaved.contains(key);
                    if (saved) {
                        walk(value, join(path, key), depth + 1);
                    }
                });
            }
        }
    }

    private void addTensor(String path, TensorView view) {
        if (tensors.putIfAbsent(budget.name(path), view) != null) {
            throw new FormatException(where, "has two tensors called " + FormatException.shown(path));
        }
    }

    private String join(String path, Object key) {
        String last = key instanceof String text ? text : Pickle.named(key);
        return path.isEmpty() ? last : path + "." + last;
    }
}
