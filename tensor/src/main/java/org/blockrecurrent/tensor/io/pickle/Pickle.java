package org.blockrecurrent.tensor.io.pickle;

/**
 * Reads a pickle as data. A pickle is a program for a small stack machine, and Python's lets it load any class and call any
 * function; this one has no way to do either. A class or function is kept as its name ({@link PyGlobal}), an object as the
 * name of its class and its state ({@link PyObject}), and a call is kept only if {@link PickleMeaning} knows the function;
 * else the pickle is refused, with the name.
 *
 * <p>What stands for a value:
 *
 * <pre>
 *   None            {@link PyNone}             str          {@link String}
 *   bool            {@link Boolean}            bytes        {@code byte[]}
 *   int             {@link Long}, or {@link java.math.BigInteger} beyond 64 bits
 *   float           {@link Double}             tuple        {@link PyTuple}
 *   list, set       {@link PyList}             dict         {@link PyDict}
 * </pre>
 *
 * <p>Time and memory are linear in the length of the pickle: an opcode makes at most one node, there are four million at most,
 * and lengths are checked before they are believed. Nodes may hold each other in cycles and share without limit, so whoever walks them must count.
 *
 * <p>Source: CPython 3.11, Lib/pickletools.py (the opcodes) and Lib/pickle.py (what they do); protocols 2 to 5.
 */
public final class Pickle {
    private Pickle() {}

    /** Reads one pickle, to its STOP. Throws a {@link org.blockrecurrent.tensor.io.FormatException} if it is refused. */
    public static Object read(PickleInput in, PickleMeaning meaning) {
        return new PickleMachine(in, meaning).run();
    }

    /** A node as messages may show it: short, escaped, without descending into it. */
    public static String named(Object node) {
        return PickleMachine.named(node);
    }
}
