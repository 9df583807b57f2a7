package org.blockrecurrent.tensor.io.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.blockrecurrent.tensor.io.Dtype;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.pickle.PickleMeaning;
import org.blockrecurrent.tensor.io.pickle.PyGlobal;
import org.blockrecurrent.tensor.io.pickle.PyNone;
import org.blockrecurrent.tensor.io.pickle.PyTuple;
import org.jspecify.annotations.Nullable;

/**
 * The pickles of torch.save: persistent ids are {@code ('storage', class, key, device, elements[, view])} or, in the old
 * form, {@code ('module', class, source file, source)}, of which the class is all that matters.
 */
final class TorchMeaning implements PickleMeaning {
    private static final int STORAGE_PARTS = 5;
    private static final int MODULE_PARTS = 4;

    private final Object where;
    private final Map<String, StorageReference> storages = new HashMap<>();

    TorchMeaning(Object where) {
        this.where = where;
    }

    /** Every storage that was referred to, by its key, as it was first. */
    Map<String, StorageReference> storages() {
        return storages;
    }

    @Override
    public boolean knows(PyGlobal function) {
        return TorchNames.isKnown(function);
    }

    @Override
    public @Nullable Object reference(Object id) {
        if (!(id instanceof PyTuple tuple)) {
            return null;
        }
        List<Object> parts = tuple.items();
        if (parts.size() == MODULE_PARTS && parts.get(0).equals("module") && parts.get(1) instanceof PyGlobal) {
            return parts.get(1);
        }
        boolean whole = parts.size() == STORAGE_PARTS
                || parts.size() == STORAGE_PARTS + 1 && parts.get(STORAGE_PARTS) == PyNone.NONE;
        return whole && parts.get(0).equals("storage") ? storage(parts) : null;
    }

    private @Nullable StorageReference storage(List<Object> parts) {
        if (!(parts.get(1) instanceof PyGlobal type)
                || !(parts.get(2) instanceof String key)
                || !(parts.get(4) instanceof Long elements)) {
            return null;
        }
        Dtype dtype = TorchNames.ofStorage(type);
        if (dtype == null) {
            throw new FormatException(
                    where, "has a storage of unsupported dtype, " + FormatException.shown(type.toString()));
        }
        if (elements < 0) {
            return null;
        }
        StorageReference reference = new StorageReference(dtype, key, elements);
        storages.putIfAbsent(key, reference);
        return reference;
    }
}
