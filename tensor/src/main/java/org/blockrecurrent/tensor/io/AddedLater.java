package org.blockrecurrent.tensor.io;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A component of a record that older files do not have: {@link Json} reads them as if they held the given JSON for it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AddedLater {
    /** What a file without the component means, such as {@code 1} or {@code null}. */
    String value();
}
