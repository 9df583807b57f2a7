package org.blockrecurrent.tensor.io;

import java.util.Set;
import org.blockrecurrent.tensor.Shape;

/** Named arrays, each read when it is asked for. Methods that take a name throw a {@link FormatException} if it is unknown. */
public interface NamedTensors {
    /** How messages call them: the path. */
    String where();

    /** The tensors, in order. */
    Set<String> names();

    Shape shape(String name);

    /** Element type as safetensors calls it, such as {@code F32}. */
    String dtype(String name);

    /** The values, row-major, as floats. */
    float[] floats(String name);

    /** What the tensor is called in the file that a message is about, where that differs. */
    default String nameInFile(String name) {
        return name;
    }
}
