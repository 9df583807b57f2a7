package org.blockrecurrent.vit.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.blockrecurrent.tensor.io.AtomicFile;

/** Writes pictures as PNG files, with texts beside the pixels that say where they come from. */
public final class PngWriter {
    private static final byte GREY = 0;
    private static final byte RGB = 2;
    private static final byte DEPTH = 8;
    /** Each row as its difference from the row above: drawings pack well so. */
    private static final byte FILTER_ABOVE = 2;

    private PngWriter() {}

    /** Writes a file without texts; it is there complete or not at all. */
    public static void write(Path file, Picture picture) {
        write(file, picture, Map.of());
    }

    /**
     * Writes a file; it is there complete or not at all.
     *
     * @param texts by keyword, such as {@code Description}; shown by most programs that show properties of pictures
     */
    public static void write(Path file, Picture picture, Map<String, String> texts) {
        AtomicFile.write(file, encode(picture, texts));
    }

    /** The file in memory. */
    static byte[] encode(Picture picture, Map<String, String> texts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PngFile.SIGNATURE);
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(picture.width())
                .putInt(picture.height())
                .put(DEPTH)
                .put(picture.channels() == 1 ? GREY : RGB);
        writeChunk(out, "IHDR", header.array());
        texts.forEach((keyword, text) -> writeChunk(out, "iTXt", internationalText(keyword, text)));
        writeChunk(out, "IDAT", packed(picture));
        writeChunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** Keyword, not packed, no language, no translated keyword, text in UTF-8. */
    private static byte[] internationalText(String keyword, String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(new byte[5]);
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static byte[] packed(Picture picture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try (DeflaterOutputStream packing = new DeflaterOutputStream(out, deflater)) {
            byte[] levels = picture.levels();
            int run = picture.width() * picture.channels();
            for (int row = 0; row < picture.height(); row++) {
                byte[] line = new byte[1 + run];
                line[0] = FILTER_ABOVE;
                for (int i = 0; i < run; i++) {
                    int above = row == 0 ? 0 : levels[(row - 1) * run + i];
                    line[1 + i] = (byte) (levels[row * run + i] - above);
                }
                packing.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is written but memory
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static void writeChunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
