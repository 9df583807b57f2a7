package org.blockrecurrent.tensor.nn;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.autodiff.Parameter;

/** The parameters of a model by name, in the order in which its constructors asked for them. */
public final class Parameters {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();

    void add(Parameter parameter) {
        if (byName.putIfAbsent(parameter.name(), parameter) != null) {
            throw new IllegalStateException("two parameters are called " + parameter.name());
        }
    }

    /** The same parameters, one of them replaced by another of its name. */
    public Parameters with(Parameter other) {
        Parameters parameters = new Parameters();
        parameters.byName.putAll(byName);
        if (parameters.byName.replace(other.name(), other) == null) {
            throw new IllegalArgumentException("no parameter is called " + other.name());
        }
        return parameters;
    }

    public Collection<Parameter> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    public List<Parameter> trainable() {
        return byName.values().stream().filter(Parameter::isTrainable).toList();
    }

    /** The parameter of that name, or null. */
    public Parameter get(String name) {
        return byName.get(name);
    }

    /** Number of values in all parameters together. */
    public long count() {
        return byName.values().stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }
}
