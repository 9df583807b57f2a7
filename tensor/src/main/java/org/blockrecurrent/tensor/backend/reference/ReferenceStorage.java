package org.blockrecurrent.tensor.backend.reference;

import java.util.Arrays;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.Tensor;

/** An array of doubles, NaN until written and gone once released. */
final class ReferenceStorage extends Storage {
    private final ReferenceBackend backend;
    private double[] values;

    ReferenceStorage(int size, ReferenceBackend backend) {
        super(size);
        this.backend = backend;
        values = new double[size];
        Arrays.fill(values, Double.NaN);
    }

    /** The values of a tensor, to be read or written in place. */
    static double[] values(Tensor tensor) {
        return values(tensor.storage());
    }

    static double[] values(Storage storage) {
        storage.requireLive();
        if (storage instanceof ReferenceStorage reference) {
            return reference.values;
        }
        throw new InvalidInputException("a tensor of " + storage.size() + " elements is not on the reference backend; "
                + "read its values and write them to this backend");
    }

    @Override
    protected void free() {
        values = null;
        backend.released(size());
    }
}
