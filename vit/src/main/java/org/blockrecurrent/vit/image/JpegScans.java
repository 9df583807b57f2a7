package org.blockrecurrent.vit.image;

import java.util.Arrays;
import java.util.List;

/**
 * Goes through the scans of a JPEG file and finds out whether they are all there. Two things would otherwise pass
 * unnoticed: a file without its end, and a progressive file that lacks its last scans, which decoders of different age
 * smooth in different ways.
 */
final class JpegScans {
    private static final int COEFFICIENTS = 64;
    private static final int MISSING = -1;

    private final String file;
    private final byte[] bytes;
    private int at;

    private JpegScans(String file, byte[] bytes, int at) {
        this.file = file;
        this.bytes = bytes;
        this.at = at;
    }

    /** The bytes from the first scan header, at {@code from}, to the end marker. */
    static byte[] of(String file, byte[] bytes, int from, List<JpegFile.Component> components, boolean progressive) {
        JpegScans scans = new JpegScans(file, bytes, from);
        // Of each coefficient, how many low bits are still to come.
        int[][] unseen = new int[components.size()][COEFFICIENTS];
        for (int[] ofComponent : unseen) {
            Arrays.fill(ofComponent, MISSING);
        }
        for (int marker = scans.nextMarker(); marker != JpegFile.END; marker = scans.nextMarker()) {
            int data = scans.segment();
            if (marker == JpegFile.SCAN && progressive) {
                scans.scan(data, components, unseen);
            }
        }
        if (progressive && Arrays.stream(unseen).flatMapToInt(Arrays::stream).anyMatch(bits -> bits != 0)) {
            throw InvalidPictureException.damaged(file, "a progressive JPEG without its last scans");
        }
        return Arrays.copyOfRange(bytes, from, scans.at);
    }

    /** Goes over entropy-coded bytes, in which FF is followed by 0 or by a restart marker. */
    private int nextMarker() {
        for (; at + 1 < bytes.length; at++) {
            int code = bytes[at + 1] & 0xFF;
            boolean isMarker =
                    bytes[at] == (byte) 0xFF && code != 0 && code != 0xFF && (code < 0xD0 || code > 0xD7) && code != 1;
            if (isMarker) {
                at += 2;
                return code;
            }
        }
        throw InvalidPictureException.damaged(file, "is cut off: it has no end marker");
    }

    /** Goes over a segment; returns where its data begins. */
    private int segment() {
        int data = at + 2;
        int length = data <= bytes.length ? (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF : 0;
        if (length < 2 || length > bytes.length - at) {
            throw InvalidPictureException.damaged(file, "is cut off inside a segment at byte " + (at - 2));
        }
        at += length;
        return data;
    }

    private void scan(int data, List<JpegFile.Component> components, int[][] unseen) {
        int count = data < at ? bytes[data] & 0xFF : 0;
        int range = data + 1 + 2 * count;
        if (range + 3 != at) {
            throw InvalidPictureException.damaged(file, "has a broken scan header at byte " + data);
        }
        int first = bytes[range] & 0xFF;
        int last = Math.min(bytes[range + 1] & 0xFF, COEFFICIENTS - 1);
        for (int i = 0; i < count; i++) {
            int id = bytes[data + 1 + 2 * i] & 0xFF;
            for (int c = 0; c < unseen.length; c++) {
                if (components.get(c).id() == id && first <= last) {
                    Arrays.fill(unseen[c], first, last + 1, bytes[range + 2] & 0xF);
                }
            }
        }
    }
}
