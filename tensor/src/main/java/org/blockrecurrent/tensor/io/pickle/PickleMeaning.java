package org.blockrecurrent.tensor.io.pickle;

import org.jspecify.annotations.Nullable;

/** What the format that uses pickles says of the parts that a pickle leaves open. */
public interface PickleMeaning {
    /** Whether calls of the function are kept as {@link PyObject}; a pickle with any other call is refused. */
    boolean knows(PyGlobal function);

    /** What stands for a persistent id, or null if the format has none of that form. */
    @Nullable
    Object reference(Object id);
}
