package org.blockrecurrent.vit.training;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** In which components two settings differ, for messages: {@code embedDim is 96, expected 64}. */
public final class RecordDifferences {
    private RecordDifferences() {}

    /** One entry for each component that differs; nested records are gone through. */
    public static List<String> between(Record found, Record expected) {
        List<String> differences = new ArrayList<>();
        collect("", found, expected, differences);
        return differences;
    }

    private static void collect(String prefix, Record found, Record expected, List<String> differences) {
        for (RecordComponent component : expected.getClass().getRecordComponents()) {
            String name = prefix + component.getName();
            Object a = value(component, found);
            Object b = value(component, expected);
            if (a instanceof Record left && b instanceof Record right && left.getClass() == right.getClass()) {
                collect(name + ".", left, right, differences);
            } else if (!Objects.equals(a, b)) {
                differences.add(name + " is " + a + ", expected " + b);
            }
        }
    }

    private static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(record.getClass() + " must be a public record", e);
        }
    }
}
