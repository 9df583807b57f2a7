package org.blockrecurrent.tensor.io.torch;

/** Where in a file the storages lie that its pickle names. */
interface Storages {
    /**
     * Position in the file of the first byte. Throws a {@link org.blockrecurrent.tensor.io.FormatException} if there is no
     * such storage or if it has another size.
     */
    long position(StorageReference storage);

    /** Throws a {@link org.blockrecurrent.tensor.io.FormatException} if the bytes are known not to be those that were saved. */
    void requireIntact(StorageReference storage);
}
