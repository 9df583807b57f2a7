package org.blockrecurrent.vit.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A JPEG file taken apart:
 *
 * <pre>
 *   FF D8                      start
 *   FF marker length data …    segments: tables, one frame header, and what applications add
 *   FF DA length data entropy  scans, with further segments between them
 *   FF D9                      end
 * </pre>
 *
 * @param components in the order of the frame header
 * @param tables the segments that a decoder needs, the frame header among them, one after another
 * @param scans from the first scan header to the end marker
 */
record JpegFile(
        int height,
        int width,
        boolean progressive,
        List<Component> components,
        JpegColours colours,
        byte[] tables,
        byte[] scans) {
    static final int START = 0xD8;
    static final int END = 0xD9;
    static final int SCAN = 0xDA;

    private static final byte[] JFIF = {
        (byte) 0xFF, (byte) 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
    };
    private static final byte[] ADOBE = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    private static final int YCCK_TRANSFORM = 2;

    /** Samples of a component for a unit of the picture, along both axes. */
    record Component(int id, int vertical, int horizontal) {}

    /** Takes a file apart, or says what is wrong with it. */
    static JpegFile parse(String file, byte[] bytes) {
        return new Parser(file, bytes).parse();
    }

    /**
     * The same picture as another file, from which no decoder can take other colours: without ICC profile, EXIF and
     * comments, with the one marker that says which colours the components are.
     */
    byte[] rewritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(tables.length + scans.length + 2 + JFIF.length);
        out.write(0xFF);
        out.write(START);
        out.writeBytes(marker());
        out.writeBytes(tables);
        out.writeBytes(scans);
        return out.toByteArray();
    }

    private byte[] marker() {
        if (colours == JpegColours.GREY || colours == JpegColours.YCC) {
            return JFIF;
        }
        byte[] adobe = ADOBE.clone();
        adobe[adobe.length - 1] = (byte) (colours == JpegColours.YCCK ? YCCK_TRANSFORM : 0);
        return adobe;
    }

    int mostVertical() {
        return components.stream().mapToInt(Component::vertical).max().orElseThrow();
    }

    int mostHorizontal() {
        return components.stream().mapToInt(Component::horizontal).max().orElseThrow();
    }

    /** Goes through the segments up to the first scan. */
    private static final class Parser {
        private static final int APP0 = 0xE0;
        private static final int APP14 = 0xEE;
        private static final int APP15 = 0xEF;
        private static final int COMMENT = 0xFE;
        private static final int HUFFMAN_TABLES = 0xC4;
        private static final int EXTENSION = 0xC8;
        private static final int ARITHMETIC_TABLES = 0xCC;
        private static final int FRAME = 0xC0;
        private static final int PROGRESSIVE = 0xC2;
        private static final int LAST_FRAME = 0xCF;
        private static final int FRAME_HEADER = 6;
        private static final int ADOBE_TRANSFORM = 11;
        private static final int SHORTEST_JFIF = 14;
        /** A block takes a bit at least, and 1024 pixels have eight blocks or more, whatever the sampling. */
        private static final long MOST_PIXELS_A_BYTE = 1024;

        private final String file;
        private final byte[] bytes;
        private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
        private final List<Component> components = new ArrayList<>();
        private int at = 2;
        private int height;
        private int width;
        private boolean progressive;
        private boolean jfif;
        private int adobe = JpegColours.NO_ADOBE;

        Parser(String file, byte[] bytes) {
            this.file = file;
            this.bytes = bytes;
        }

        JpegFile parse() {
            for (int marker = nextMarker(); marker != SCAN; marker = nextMarker()) {
                if (marker == END) {
                    throw InvalidPictureException.damaged(file, "ends before any picture data");
                }
                if (marker == START || marker == 1 || marker >= 0xD0 && marker < START) {
                    continue; // stands alone
                }
                segment(marker);
            }
            if (components.isEmpty()) {
                throw InvalidPictureException.damaged(file, "has picture data before a frame header");
            }
            byte[] scans = JpegScans.of(file, bytes, at - 2, components, progressive);
            if ((long) height * width > MOST_PIXELS_A_BYTE * scans.length) {
                throw InvalidPictureException.damaged(file, "is cut off: it has too little data for its size");
            }
            int[] ids = components.stream().mapToInt(Component::id).toArray();
            return new JpegFile(
                    height,
                    width,
                    progressive,
                    components,
                    JpegColours.of(ids, jfif, adobe),
                    tables.toByteArray(),
                    scans);
        }

        /** The byte after the next FF that is neither FF nor 0; what comes before is passed over, as libjpeg does. */
        private int nextMarker() {
            for (; at + 1 < bytes.length; at++) {
                int marker = bytes[at + 1] & 0xFF;
                if (bytes[at] == (byte) 0xFF && marker != 0xFF && marker != 0) {
                    at += 2;
                    return marker;
                }
            }
            throw InvalidPictureException.damaged(file, "ends before its picture data");
        }

        private void segment(int marker) {
            int length = at + 2 <= bytes.length ? word(at) : 0;
            if (length < 2 || length > bytes.length - at) {
                throw InvalidPictureException.damaged(
                        file, String.format("segment %02X at byte %d has a length of %d", marker, at - 2, length));
            }
            int data = at + 2;
            int end = at + length;
            if (marker == APP0) {
                jfif |= begins(data, end, "JFIF\0") && end - data >= SHORTEST_JFIF;
            } else if (marker == APP14 && begins(data, end, "Adobe") && end - data > ADOBE_TRANSFORM) {
                adobe = bytes[data + ADOBE_TRANSFORM] & 0xFF;
            } else if (isFrame(marker)) {
                frame(marker, data, end);
            }
            if (marker < APP0 || marker > APP15 && marker != COMMENT) {
                tables.write(0xFF);
                tables.write(marker);
                tables.write(bytes, at, length);
            }
            at = end;
        }

        private static boolean isFrame(int marker) {
            return marker >= FRAME
                    && marker <= LAST_FRAME
                    && marker != HUFFMAN_TABLES
                    && marker != EXTENSION
                    && marker != ARITHMETIC_TABLES;
        }

        private void frame(int marker, int data, int end) {
            if (marker > PROGRESSIVE) {
                throw InvalidPictureException.unsupported(
                        file,
                        String.format(
                                "is a JPEG of a rare kind (frame %02X: lossless, arithmetic or hierarchical)", marker));
            }
            int count = end - data < FRAME_HEADER ? 0 : bytes[data + 5] & 0xFF;
            if (!components.isEmpty() || count == 0 || end - data != FRAME_HEADER + 3 * count) {
                throw InvalidPictureException.damaged(file, "has a broken frame header, or two");
            }
            if (count == 2 || count > 4) {
                throw InvalidPictureException.unsupported(file, "has " + count + " colour components");
            }
            if (bytes[data] != 8) {
                throw InvalidPictureException.unsupported(file, "has " + bytes[data] + " bits a sample instead of 8");
            }
            height = word(data + 1);
            width = word(data + 3);
            progressive = marker == PROGRESSIVE;
            PictureReader.requireSize(file, height, width);
            for (int i = data + FRAME_HEADER; i < end; i += 3) {
                components.add(new Component(bytes[i] & 0xFF, bytes[i + 1] & 0xF, bytes[i + 1] >> 4 & 0xF));
            }
        }

        private boolean begins(int from, int to, String text) {
            byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
            return to - from >= wanted.length
                    && Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length);
        }

        private int word(int offset) {
            return (bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF;
        }
    }
}
