package org.blockrecurrent.tensor.io.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.tensor.io.zip.StoredZipWriter;

/** Makes files of torch.save around given pickles. */
public final class TorchArchives {
    private static final byte[] LEGACY_HEADER = bytes(
            "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019." // magic number
                    + "\u0080\u0002M\u00e9\u0003." // protocol 1001
                    + "\u0080\u0002}X\r\u0000\u0000\u0000little_endian\u0088s."); // {'little_endian': True}

    private TorchArchives() {}

    /** Characters up to 255, each as one byte. */
    public static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** An archive of today's form: a pickle, and storages by their keys. */
    public static Path zip(Path file, byte[] pickle, Map<String, byte[]> storages) {
        try (OutputStream out = Files.newOutputStream(file)) {
            StoredZipWriter zip = new StoredZipWriter(out);
            zip.add("archive/data.pkl", 1, member -> member.write(pickle));
            for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
                zip.add("archive/data/" + storage.getKey(), 1, member -> member.write(storage.getValue()));
            }
            zip.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the old form: a pickle, the pickle of the list of keys, and the storages with their sizes. */
    public static Path legacy(Path file, byte[] pickle, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(LEGACY_HEADER);
        out.writeBytes(pickle);
        out.writeBytes(rest);
        try {
            return Files.write(file, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values as a storage of 32-bit floats. */
    public static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Opcodes that push a short text. */
    public static String text(String ascii) {
        return "X" + (char) ascii.length() + "\0\0\0" + ascii;
    }

    /** Opcodes that push a tensor: a view of storage 0, which holds so many 32-bit floats. Numbers below 256. */
    public static String tensor(int storageElements, int offset, String size, String stride) {
        return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nFloatStorage\n" + text("0")
                + text("cpu") + "K" + (char) storageElements + "tQK" + (char) offset + size + stride + "\u0089}tR";
    }

    /** Opcodes that push a tuple of numbers below 256. */
    public static String tuple(int... numbers) {
        StringBuilder opcodes = new StringBuilder("(");
        for (int number : numbers) {
            opcodes.append('K').append((char) number);
        }
        return opcodes.append('t').toString();
    }
}
