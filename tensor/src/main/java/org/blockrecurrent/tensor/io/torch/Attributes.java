package org.blockrecurrent.tensor.io.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.NearestNames;

/**
 * The plain values beside the tensors of a file of torch.save: numbers, booleans, texts, and lists of such. Their names are
 * paths, as those of tensors are: {@code thresholds}, {@code blocks.0.training}, {@code args.lr}. What is an object of some
 * class has the class as its attribute {@code __class__}, such as {@code raptor.Raptor}. Private attributes of modules, whose
 * names begin with {@code _}, are left out.
 */
public final class Attributes {
    /** Last part of the name under which the class of an object stands. */
    public static final String CLASS = "__class__";

    private final Object where;
    private final Map<String, Object> values;

    Attributes(Object where, Map<String, Object> values) {
        this.where = where;
        this.values = values;
    }

    /** In the order of the file. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The text of that name; throws a {@link FormatException} if there is none. So do the others. */
    public String text(String name) {
        return require(name, value(name), String.class, "a text");
    }

    public long integer(String name) {
        return require(name, value(name), Long.class, "a whole number");
    }

    /** A whole number or one with a fraction. */
    public double number(String name) {
        return require(name, value(name), Number.class, "a number").doubleValue();
    }

    public boolean flag(String name) {
        return require(name, value(name), Boolean.class, "True or False");
    }

    /** A list or tuple of whole numbers. */
    public List<Long> integers(String name) {
        List<?> items = require(name, value(name), List.class, "a list of whole numbers");
        return items.stream()
                .map(item -> require(name, item, Long.class, "a list of whole numbers"))
                .toList();
    }

    /** The values of names without a dot, as texts. */
    Map<String, String> topLevel() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (name.indexOf('.') < 0) {
                texts.put(name, value.toString());
            }
        });
        return Collections.unmodifiableMap(texts);
    }

    private Object value(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new FormatException(
                    where,
                    "has no attribute " + FormatException.shown(name) + NearestNames.hint(name, values.keySet()));
        }
        return value;
    }

    private <T> T require(String name, Object value, Class<T> type, String expected) {
        if (!type.isInstance(value)) {
            throw new FormatException(
                    where,
                    "attribute " + FormatException.shown(name) + " should be " + expected + ", but is "
                            + FormatException.shown(value.toString()));
        }
        return type.cast(value);
    }
}
