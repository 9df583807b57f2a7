package org.blockrecurrent.tensor.io.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.blockrecurrent.tensor.io.pickle.Pickle;
import org.blockrecurrent.tensor.io.pickle.PickleInput;
import org.blockrecurrent.tensor.io.pickle.PyDict;
import org.blockrecurrent.tensor.io.pickle.PyList;

/**
 * The form before torch 1.6: five pickles one after another, then the storages.
 *
 * <pre>
 *   0x1950a86a20f9469cfc6c | 1001 | {'little_endian': True, …} | what was saved | [keys of storages]
 *   for each key: number of elements, 64-bit; their bytes
 * </pre>
 *
 * How large an element is, only the pickle says; so the storages are found one after another, to the end of the file. This
 * form has no checksum: damage inside a storage cannot be noticed.
 */
final class LegacyStorages implements Storages {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long PROTOCOL = 1001;
    private static final long LONGEST_PICKLES = 64L << 20;

    private final PositionedFile file;
    private final Object pickle;
    private final Map<String, StorageReference> storages;
    private final Map<String, Long> positions = new HashMap<>();

    private LegacyStorages(PositionedFile file) {
        this.file = file;
        PickleInput in = new PickleInput(file, "the pickles", 0, Math.min(file.bytes(), LONGEST_PICKLES));
        TorchMeaning meaning = new TorchMeaning(file.path());
        requireHeader(in, meaning);
        pickle = Pickle.read(in, meaning);
        storages = meaning.storages();
        if (!(Pickle.read(in, meaning) instanceof PyList keys)) {
            throw in.invalid("the keys of the storages are no list");
        }
        long at = in.position();
        for (Object key : keys.items()) {
            at = locate(key, at);
        }
        if (at != file.bytes()) {
            throw invalid((file.bytes() - at) + " bytes follow its last storage");
        }
    }

    static LegacyStorages read(PositionedFile file) {
        return new LegacyStorages(file);
    }

    /** What was saved. */
    Object pickle() {
        return pickle;
    }

    /** Where the next storage begins. */
    private long locate(Object listed, long at) {
        StorageReference storage = listed instanceof String key ? storages.get(key) : null;
        if (storage == null) {
            throw invalid("lists storage " + Pickle.named(listed) + ", which its pickle does not speak of");
        }
        if (file.bytes() - at < Long.BYTES) {
            throw cutShort(storage);
        }
        long elements = file.read(at, ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN))
                .getLong();
        if (elements != storage.elements()) {
            throw invalid(named(storage) + " should have " + storage.elements() + " elements, but says "
                    + Long.toUnsignedString(elements));
        }
        long begin = at + Long.BYTES;
        if (elements > (file.bytes() - begin) / storage.dtype().bytes()) {
            throw cutShort(storage);
        }
        if (positions.put(storage.key(), begin) != null) {
            throw invalid("has " + named(storage) + " twice");
        }
        return begin + elements * storage.dtype().bytes();
    }

    @Override
    public long position(StorageReference storage) {
        Long position = positions.get(storage.key());
        if (position == null) {
            throw invalid(named(storage) + " is missing");
        }
        if (!storage.equals(storages.get(storage.key()))) {
            throw invalid("speaks of " + named(storage) + " in two ways");
        }
        return position;
    }

    @Override
    public void requireIntact(StorageReference storage) {
        // nothing to compare with
    }

    private static void requireHeader(PickleInput in, TorchMeaning meaning) {
        boolean known =
                MAGIC.equals(Pickle.read(in, meaning)) && Long.valueOf(PROTOCOL).equals(Pickle.read(in, meaning));
        if (!known || !(Pickle.read(in, meaning) instanceof PyDict system)) {
            throw in.invalid("not the header of a file of torch.save");
        }
        if (!Boolean.TRUE.equals(system.get("little_endian"))) {
            throw in.invalid("was not written on a little-endian machine; only such files are supported");
        }
    }

    private static String named(StorageReference storage) {
        return "storage " + FormatException.shown(storage.key());
    }

    private FormatException cutShort(StorageReference storage) {
        return invalid("ends inside of " + named(storage) + ": the file is cut short; get it again");
    }

    private FormatException invalid(String problem) {
        return new FormatException(file.path(), problem);
    }
}
