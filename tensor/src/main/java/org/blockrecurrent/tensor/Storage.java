package org.blockrecurrent.tensor;

import java.util.Objects;

/**
 * The memory behind a tensor, on some device. A storage belongs to the {@link Scope} it was allocated in and goes back
 * to its backend's pool when that scope closes, or earlier when its last reference is released.
 */
public abstract class Storage {
    private final int size;
    private Scope owner;
    private int references = 1;
    private int version;
    private boolean constant;

    protected Storage(int size) {
        this.size = size;
    }

    /** Gives the memory back to the pool it came from. Called once. */
    protected abstract void free();

    /** Number of elements. */
    public final int size() {
        return size;
    }

    /** Counts the writes to a parameter, so that a backend knows when a packed copy of it has become stale. */
    public final int version() {
        return version;
    }

    /** To be called by whatever changes the values in place: the optimizer, an upload. */
    public final void touch() {
        version++;
    }

    /** Says that nobody means to write again: a backend may keep the values in the form it computes with, and no other. */
    public final void makeConstant() {
        constant = true;
    }

    /** True for the values of frozen parameters. */
    public final boolean isConstant() {
        return constant;
    }

    public final boolean isReleased() {
        return references == 0;
    }

    /** Another tensor shares this memory, or another holder needs it: one more {@link #release()} before it is freed. */
    public final void retain() {
        requireLive();
        references++;
    }

    /** Drops one reference; the last one frees the memory. */
    public final void release() {
        requireLive();
        if (references == 1) {
            discard();
        } else {
            references--;
        }
    }

    /** Throws if the memory has gone back to the pool. */
    public final void requireLive() {
        if (references == 0) {
            throw new ReleasedTensorException("tensor of " + size
                    + " elements used after it was released: its scope has closed or backpropagation has "
                    + "consumed it; call keep(tensor) on the scope to let it live on");
        }
    }

    final Scope owner() {
        return Objects.requireNonNull(owner);
    }

    final void ownedBy(Scope scope) {
        owner = scope;
    }

    /** Frees the memory whatever the count says. */
    final void discard() {
        if (references > 0) {
            references = 0;
            owner().forget(this);
            free();
        }
    }
}
