package org.blockrecurrent.tensor;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The lifetime of what is allocated inside it.
 *
 * <pre>{@code
 * try (Scope step = backend.openScope()) {
 *   Tensor loss = …;          // every intermediate value belongs to the step
 *   step.keep(loss);          // this one goes to the enclosing scope
 * }                           // the others are back in the pool
 * }</pre>
 *
 * Scopes nest and close in reverse order of opening.
 */
public final class Scope implements AutoCloseable {
    private final Backend backend;
    private final Scope parent;
    private final Set<Storage> storages = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    Scope(Backend backend, Scope parent) {
        this.backend = backend;
        this.parent = parent;
    }

    /** Lets a tensor live as long as the enclosing scope, and returns it. */
    public Tensor keep(Tensor tensor) {
        Storage storage = tensor.storage();
        if (parent == null) {
            throw new IllegalStateException("the outermost scope has no enclosing scope to keep a tensor in");
        }
        if (storages.remove(storage)) {
            parent.adopt(storage);
        }
        return tensor;
    }

    /** Number of storages that this scope will free when it closes. */
    public int liveStorages() {
        return storages.size();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        backend.leave(this);
        closed = true;
        for (Storage storage : storages.toArray(new Storage[0])) {
            storage.discard();
        }
    }

    void adopt(Storage storage) {
        storages.add(storage);
        storage.ownedBy(this);
    }

    void forget(Storage storage) {
        storages.remove(storage);
    }

    Scope parent() {
        return parent;
    }
}
