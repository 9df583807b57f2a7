package org.blockrecurrent.tensor.io;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli) of all that a checkpoint says: metadata, names, types, shapes and values. Every text is preceded by
 * its length, so that nothing can move from one to the next unnoticed.
 */
final class ContentChecksum {
    private static final int INT_BYTES = 4;

    private final CRC32C crc = new CRC32C();

    /** The checksum of a file that was read, its own entry {@code key} left out. */
    static String of(SafetensorsFile file, String key) {
        ContentChecksum checksum = new ContentChecksum();
        checksum.metadata(file.metadata(), key);
        for (String name : file.names()) {
            checksum.tensor(name, file.dtype(name), file.shape(name).dims());
            file.digest(name, checksum.crc);
        }
        return checksum.text();
    }

    void metadata(Map<String, String> metadata, String leftOut) {
        metadata.forEach((key, value) -> {
            if (!key.equals(leftOut)) {
                add(key);
                add(value);
            }
        });
    }

    void tensor(String name, String dtype, int[] dims) {
        add(name);
        add(dtype);
        add(dims.length);
        for (int dim : dims) {
            add(dim);
        }
    }

    void values(byte[] bytes, int n) {
        crc.update(bytes, 0, n);
    }

    /** Eight lower-case hexadecimal digits. */
    String text() {
        return String.format("%08x", crc.getValue());
    }

    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(bytes.length);
        crc.update(bytes);
    }

    private void add(int number) {
        for (int i = 0; i < INT_BYTES; i++) {
            crc.update(number >>> (8 * i));
        }
    }
}
