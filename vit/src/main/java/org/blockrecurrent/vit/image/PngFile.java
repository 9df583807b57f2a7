package org.blockrecurrent.vit.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A PNG file taken apart:
 *
 * <pre>
 *   89 'PNG' 0D 0A 1A 0A
 *   length type data crc …     IHDR, PLTE, IDAT … IDAT, IEND; all others are passed over
 * </pre>
 *
 * What is passed over (gamma, ICC profiles, transparency, texts, which may unpack to any size) changes no pixel that
 * Pillow reads. The checksums of header and palette are checked, those of the pixels are not; so does Pillow.
 *
 * @param depth bits a sample
 * @param palette red, green, blue of each colour; empty where there is none
 * @param data all IDAT chunks
 */
record PngFile(int height, int width, int depth, Colour colour, boolean interlaced, byte[] palette, byte[] data) {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int HEADER_BYTES = 13;
    private static final int AROUND_DATA = 12;
    private static final int LARGEST_PALETTE = 3 * 256;

    /** What the samples of a pixel are. */
    enum Colour {
        GREY(0, 1, 1, 2, 4, 8, 16),
        RGB(2, 3, 8, 16),
        PALETTE(3, 1, 1, 2, 4, 8),
        GREY_ALPHA(4, 2, 8, 16),
        RGB_ALPHA(6, 4, 8, 16);

        private final int code;
        private final int samples;
        private final int[] depths;

        Colour(int code, int samples, int... depths) {
            this.code = code;
            this.samples = samples;
            this.depths = depths;
        }

        /** Samples of a pixel. */
        int samples() {
            return samples;
        }
    }

    /** Takes a file apart, or says what is wrong with it. */
    static PngFile parse(String file, byte[] bytes) {
        return new Parser(file, bytes).parse();
    }

    private static final class Parser {
        private final String file;
        private final byte[] bytes;
        private int at = SIGNATURE.length;

        Parser(String file, byte[] bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        PngFile parse() {
            ByteBuffer header = header();
            int width = header.getInt();
            int height = header.getInt();
            PictureReader.requireSize(file, height, width);
            int depth = header.get();
            Colour colour = colour(header.get(), depth);
            int compression = header.get();
            int filter = header.get();
            if (compression != 0 || filter != 0) {
                throw InvalidPictureException.damaged(file, "has an unknown compression or filter method");
            }
            int interlace = header.get();
            if (interlace != 0 && interlace != 1) {
                throw InvalidPictureException.damaged(file, "has the unknown interlace method " + interlace);
            }
            byte[] palette = paletteBeforeData(colour);
            return new PngFile(height, width, depth, colour, interlace == 1, palette, data());
        }

        private ByteBuffer header() {
            if (!isNext("IHDR") || length() != HEADER_BYTES || remaining() < AROUND_DATA + HEADER_BYTES) {
                throw InvalidPictureException.damaged(file, "does not begin with a PNG header");
            }
            return ByteBuffer.wrap(checked());
        }

        private Colour colour(int code, int depth) {
            for (Colour colour : Colour.values()) {
                if (colour.code == code && Arrays.stream(colour.depths).anyMatch(d -> d == depth)) {
                    return colour;
                }
            }
            throw InvalidPictureException.damaged(
                    file, "has " + depth + " bits a sample of colour type " + code + ", which PNG does not have");
        }

        /** The palette if the colours need one; ends at the first IDAT chunk. */
        private byte[] paletteBeforeData(Colour colour) {
            byte[] palette = new byte[0];
            while (!isNext("IDAT")) {
                if (remaining() < AROUND_DATA
                        || isNext("IEND")
                        || length() < 0
                        || length() > remaining() - AROUND_DATA) {
                    throw InvalidPictureException.damaged(file, "holds no picture data (no IDAT chunk)");
                }
                if (isNext("PLTE") && colour == Colour.PALETTE) {
                    palette = checked();
                } else {
                    at += AROUND_DATA + length();
                }
            }
            boolean fits = palette.length > 0 && palette.length <= LARGEST_PALETTE && palette.length % 3 == 0;
            if (colour == Colour.PALETTE && !fits) {
                throw InvalidPictureException.damaged(file, "is a palette picture without a palette");
            }
            return palette;
        }

        /** The IDAT chunks that follow each other; a length beyond the end of the file is cut down to it. */
        private byte[] data() {
            ByteArrayOutputStream data = new ByteArrayOutputStream(remaining());
            while (isNext("IDAT")) {
                int length = Math.min(length() < 0 ? Integer.MAX_VALUE : length(), remaining() - 8);
                data.write(bytes, at + 8, length);
                at += Math.min(remaining(), AROUND_DATA + length);
            }
            return data.toByteArray();
        }

        private byte[] checked() {
            int length = length();
            CRC32 crc = new CRC32();
            crc.update(bytes, at + 4, length + 4);
            if ((int) crc.getValue() != word(at + 8 + length)) {
                throw InvalidPictureException.damaged(file, "the checksum of the chunk at byte " + at + " is wrong");
            }
            byte[] content = Arrays.copyOfRange(bytes, at + 8, at + 8 + length);
            at += AROUND_DATA + length;
            return content;
        }

        private boolean isNext(String type) {
            byte[] name = type.getBytes(StandardCharsets.US_ASCII);
            return remaining() >= 8 && Arrays.equals(bytes, at + 4, at + 8, name, 0, 4);
        }

        private int remaining() {
            return bytes.length - at;
        }

        private int length() {
            return word(at);
        }

        private int word(int offset) {
            return ByteBuffer.wrap(bytes).getInt(offset);
        }
    }
}
