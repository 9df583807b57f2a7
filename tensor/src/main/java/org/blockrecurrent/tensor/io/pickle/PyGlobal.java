package org.blockrecurrent.tensor.io.pickle;

/** The name of a Python class or function. Only the name: nothing of that name is ever looked for. */
public record PyGlobal(String module, String name) implements Comparable<PyGlobal> {
    /** So that no hash table of names that were made to collide is slow. */
    @Override
    public int compareTo(PyGlobal other) {
        int modules = module.compareTo(other.module);
        return modules != 0 ? modules : name.compareTo(other.name);
    }

    /** As Python would print it, {@code torch._utils._rebuild_tensor_v2}. */
    @Override
    public String toString() {
        return module + "." + name;
    }
}
