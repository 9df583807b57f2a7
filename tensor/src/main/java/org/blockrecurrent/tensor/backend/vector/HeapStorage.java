package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A float array of the pool, and the packed copies of it that are still of the same version. Every kernel that writes asks
 * for {@link #written}, which counts as a new version.
 *
 * <p>Constant values that have been packed are held packed only: their plain array goes back to the pool, where the next
 * weight to be packed finds it. Who needs the plain values after all gets them unpacked, and they stay from then on.
 */
final class HeapStorage extends Storage {
    private final HeapPool pool;
    private final List<Panels> packs = new ArrayList<>(0);
    /** Null while there is a packed copy only. */
    private float @Nullable [] values;

    private int packedVersion;

    HeapStorage(HeapPool pool, int size) {
        super(size);
        this.pool = pool;
        values = pool.take(size);
    }

    /** The values of a tensor of this backend, for reading. */
    static float[] read(Tensor tensor) {
        return ((HeapStorage) tensor.storage()).values();
    }

    /** The array of a tensor that a kernel is about to write. */
    static float[] written(Tensor tensor) {
        return ((HeapStorage) tensor.storage()).written();
    }

    /** As {@link #written(Tensor)}; null for null. */
    static float[] writtenOrNull(Tensor tensor) {
        return tensor == null ? null : written(tensor);
    }

    float[] values() {
        requireLive();
        if (values == null) {
            values = pool.take(size());
            packs.get(0).unpack(values);
        }
        return values;
    }

    float[] written() {
        float[] written = values();
        touch();
        return written;
    }

    /** Copies the values; those that are held packed stay so. */
    void copyTo(float[] target) {
        requireLive();
        if (values == null) {
            packs.get(0).unpack(target);
        } else {
            System.arraycopy(values, 0, target, 0, target.length);
        }
    }

    /** False while the values are held packed only. */
    boolean holdsPlainValues() {
        return values != null;
    }

    /** The packed copy of that form and of the present version, or null. */
    Panels packed(Panels.Form form) {
        if (packedVersion != version()) {
            dropPacks();
        }
        for (Panels pack : packs) {
            if (pack.form() == form) {
                return pack;
            }
        }
        return null;
    }

    /** Keeps a packed copy of the present values until they change. */
    void keep(Panels pack) {
        packedVersion = version();
        packs.add(pack);
        if (isConstant() && values != null) {
            giveBack(values, pack.values().length);
            values = null;
        }
    }

    /** An array that fits the next weight's panels is kept for them; one that does not would lie idle. */
    private void giveBack(float[] plain, int packedLength) {
        if (plain.length == packedLength) {
            pool.give(plain);
        } else {
            pool.drop(plain);
        }
    }

    @Override
    protected void free() {
        dropPacks();
        if (values != null) {
            pool.give(values);
        }
        values = null;
    }

    private void dropPacks() {
        for (Panels pack : packs) {
            pool.give(pack.values());
        }
        packs.clear();
    }
}
