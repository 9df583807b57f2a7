package org.blockrecurrent.tensor.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.InvalidInputException;

/**
 * Turns JSON into records, and says by its key what does not fit: {@code training.learningRate: expected a number}.
 * Components may be records, numbers, booleans, strings, enums, arrays, lists, maps with string keys, and JSON itself.
 */
final class RecordReader {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            int.class,
            Integer.class,
            long.class,
            Long.class,
            float.class,
            Float.class,
            double.class,
            Double.class,
            boolean.class,
            Boolean.class);

    private final String where;

    RecordReader(String where) {
        this.where = where;
    }

    Object read(JsonElement json, Type type, String key) {
        if (type instanceof ParameterizedType generic) {
            return generic(json, generic, key);
        }
        Class<?> raw = (Class<?>) type;
        if (JsonElement.class.isAssignableFrom(raw)) {
            return raw.cast(require(raw.isInstance(json), json, raw.getSimpleName(), key));
        }
        if (json.isJsonNull()) {
            return require(!raw.isPrimitive(), null, "a value, found null", key);
        }
        if (raw.isRecord()) {
            return record(json, raw, key);
        }
        return raw.isArray() ? array(json, raw.getComponentType(), key) : scalar(json, raw, key);
    }

    private Object record(JsonElement json, Class<?> type, String key) {
        require(json.isJsonObject(), json, "an object", key);
        JsonObject object = json.getAsJsonObject();
        RecordComponent[] components = type.getRecordComponents();
        addMissing(object, components);
        requireKeys(
                object, Arrays.stream(components).map(RecordComponent::getName).toList(), key);
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            arguments[i] =
                    read(object.get(name), components[i].getGenericType(), key.isEmpty() ? name : key + "." + name);
        }
        return construct(type, components, arguments, key);
    }

    private static void addMissing(JsonObject object, RecordComponent[] components) {
        for (RecordComponent component : components) {
            AddedLater later = component.getAnnotation(AddedLater.class);
            if (later != null && !object.has(component.getName())) {
                object.add(component.getName(), JsonTree.parse(later.value(), component.toString()));
            }
        }
    }

    private void requireKeys(JsonObject object, List<String> expected, String key) {
        List<String> missing =
                expected.stream().filter(name -> !object.has(name)).toList();
        List<String> unknown = object.keySet().stream()
                .filter(name -> !expected.contains(name))
                .toList();
        StringBuilder problem = new StringBuilder();
        if (!missing.isEmpty()) {
            problem.append("missing ").append(missing);
        }
        for (String name : unknown) {
            problem.append(problem.length() == 0 ? "" : ", ").append("unknown ").append(FormatException.shown(name));
            String nearest = NearestNames.nearest(name, missing.isEmpty() ? expected : missing);
            problem.append(nearest == null ? "" : " (did you mean '" + nearest + "'?)");
        }
        if (problem.length() > 0) {
            throw new FormatException(where, at(key) + "keys " + problem);
        }
    }

    private Object construct(Class<?> type, RecordComponent[] components, Object[] arguments, String key) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            if (cause instanceof InvalidInputException || cause instanceof IllegalArgumentException) {
                throw new FormatException(where, at(key) + cause.getMessage(), cause);
            }
            throw new IllegalStateException("the constructor of " + type + " failed", cause);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
    }

    private Object generic(JsonElement json, ParameterizedType type, String key) {
        if (json.isJsonNull()) {
            return null;
        }
        if (type.getRawType() == List.class) {
            return Collections.unmodifiableList(list(json, type.getActualTypeArguments()[0], key));
        }
        if (type.getRawType() != Map.class || type.getActualTypeArguments()[0] != String.class) {
            throw new IllegalArgumentException("a record read from JSON cannot have a component of " + type);
        }
        require(json.isJsonObject(), json, "an object", key);
        Map<String, Object> map = new LinkedHashMap<>();
        json.getAsJsonObject()
                .asMap()
                .forEach((name, value) ->
                        map.put(name, read(value, type.getActualTypeArguments()[1], key + "." + name)));
        return Collections.unmodifiableMap(map);
    }

    private List<Object> list(JsonElement json, Type elementType, String key) {
        require(json.isJsonArray(), json, "an array", key);
        List<Object> list = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray()) {
            list.add(read(element, elementType, key + "[" + list.size() + "]"));
        }
        return list;
    }

    private Object array(JsonElement json, Class<?> elementType, String key) {
        List<Object> list = list(json, elementType, key);
        Object array = Array.newInstance(elementType, list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, list.get(i));
        }
        return array;
    }

    private Object scalar(JsonElement json, Class<?> type, String key) {
        Class<?> boxed = BOXES.getOrDefault(type, type);
        JsonPrimitive value = json.isJsonPrimitive() ? json.getAsJsonPrimitive() : null;
        if (boxed == String.class) {
            return require(value != null && value.isString(), value, "a string", key)
                    .getAsString();
        }
        if (boxed == Boolean.class) {
            return require(value != null && value.isBoolean(), value, "true or false", key)
                    .getAsBoolean();
        }
        if (boxed.isEnum()) {
            return constant(
                    require(value != null && value.isString(), value, "a string", key)
                            .getAsString(),
                    boxed,
                    key);
        }
        String digits = require(value != null && value.isNumber(), value, "a number", key)
                .getAsString();
        return number(digits, boxed, key);
    }

    private Object constant(String name, Class<?> type, String key) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new FormatException(
                where,
                at(key) + "expected one of " + Arrays.toString(type.getEnumConstants()) + ", found "
                        + FormatException.shown(name));
    }

    private Object number(String digits, Class<?> type, String key) {
        try {
            if (type == Integer.class) {
                return Integer.parseInt(digits);
            }
            if (type == Long.class) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException e) {
            throw new FormatException(where, at(key) + "expected a whole number that fits, found " + digits, e);
        }
        if (type == Float.class) {
            float value = Float.parseFloat(digits);
            return require(Float.isFinite(value), value, "a number that fits a float", key);
        }
        if (type == Double.class) {
            return Double.parseDouble(digits);
        }
        throw new IllegalArgumentException("a record read from JSON cannot have a component of " + type);
    }

    private <T> T require(boolean fits, T value, String expected, String key) {
        if (!fits) {
            throw new FormatException(where, at(key) + "expected " + expected);
        }
        return value;
    }

    private static String at(String key) {
        return key.isEmpty() ? "" : key + ": ";
    }
}
