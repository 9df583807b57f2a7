package org.blockrecurrent.tensor.backend.vector;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.Tensor;

/**
 * A float array of the pool, and the packed copies of it that are still of the same version. Every kernel that writes asks
 * for {@link #written}, which counts as a new version.
 */
final class HeapStorage extends Storage {
    private final HeapPool pool;
    private final List<Panels> packs = new ArrayList<>(0);
    private float[] values;
    private int packedVersion;

    HeapStorage(HeapPool pool, int size) {
        super(size);
        this.pool = pool;
        values = pool.take(size);
    }

    /** The values of a tensor of this backend, for reading. */
    static float[] read(Tensor tensor) {
        return ((HeapStorage) tensor.storage()).values;
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
        return values;
    }

    float[] written() {
        requireLive();
        touch();
        return values;
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
    }

    @Override
    protected void free() {
        dropPacks();
        pool.give(values);
        values = null;
    }

    private void dropPacks() {
        for (Panels pack : packs) {
            pool.give(pack.values());
        }
        packs.clear();
    }
}
