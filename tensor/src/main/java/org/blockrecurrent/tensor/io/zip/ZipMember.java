package org.blockrecurrent.tensor.io.zip;

/**
 * One file inside an archive, as its directory and its local header say.
 *
 * @param hasDescriptor whether CRC and sizes follow the contents once more
 * @param packedBytes bytes that it takes in the archive
 * @param bytes bytes of its contents; as many as {@code packedBytes} if it is stored
 * @param headerAt where in the archive its local header begins
 */
public record ZipMember(
        String name, Method method, boolean hasDescriptor, long crc, long packedBytes, long bytes, long headerAt) {

    /** How the contents are packed. */
    public enum Method {
        STORED,
        DEFLATED
    }

    public boolean isStored() {
        return method == Method.STORED;
    }
}
