package org.blockrecurrent.vit.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the IDX format of the MNIST family, plain or gzipped (told by the first bytes, not by the name):
 *
 * <pre>
 *   0  0  type  rank       type 0x08: unsigned byte
 *   rank sizes             unsigned 32-bit, big-endian
 *   data                   row-major, and nothing after it
 * </pre>
 *
 * A header is believed only as far as the data bear it out: no memory is set aside for what it claims, and no more than
 * it claims is unpacked.
 */
public final class IdxReader {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int IMAGE_RANK = 3;
    private static final int LABEL_RANK = 1;
    /** Largest number of bytes in one Java array, with a margin for the header of the array. */
    private static final long LARGEST = Integer.MAX_VALUE - 16L;

    private static final int UNZIP_BUFFER = 1 << 12;

    private static final String FETCH_AGAIN = "the file is damaged or incomplete: get it again";
    private static final String WRONG_FILE = "give an IDX file of unsigned bytes, as MNIST and Fashion-MNIST have";

    /** Grey images: count · height · width bytes. */
    record Images(int count, int height, int width, byte[] pixels) {}

    private final String file;
    private final InputStream in;

    private IdxReader(String file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static Images images(Path path) {
        try {
            return images(path.toString(), Files.newInputStream(path));
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    static byte[] labels(Path path, int classes) {
        try {
            return labels(path.toString(), Files.newInputStream(path), classes);
        } catch (IOException e) {
            throw unreadable(path.toString(), e);
        }
    }

    /** Reads an image file (rank 3) and closes the stream. */
    static Images images(String file, InputStream stream) {
        try (InputStream in = unzipped(file, stream)) {
            IdxReader reader = new IdxReader(file, in);
            int[] sizes = reader.header(IMAGE_RANK);
            return new Images(sizes[0], sizes[1], sizes[2], reader.data(sizes));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Reads a label file (rank 1) whose labels are 0 … classes−1, and closes the stream. */
    static byte[] labels(String file, InputStream stream, int classes) {
        try (InputStream in = unzipped(file, stream)) {
            IdxReader reader = new IdxReader(file, in);
            byte[] labels = reader.data(reader.header(LABEL_RANK));
            for (int i = 0; i < labels.length; i++) {
                if ((labels[i] & 0xFF) >= classes) {
                    throw new InvalidIdxException(
                            file,
                            "label " + (labels[i] & 0xFF) + " at index " + i + " is not in 0 … " + (classes - 1),
                            "use the labels of a set with " + classes + " classes");
                }
            }
            return labels;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static InputStream unzipped(String file, InputStream stream) throws IOException {
        BufferedInputStream in = new BufferedInputStream(stream);
        in.mark(2);
        boolean zipped = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        try {
            return zipped ? new GZIPInputStream(in, UNZIP_BUFFER) : in;
        } catch (IOException e) {
            in.close();
            throw unreadable(file, e);
        }
    }

    /** The sizes, after every check that needs no data. */
    private int[] header(int rank) throws IOException {
        byte[] magic = exactly(4, "the header of 4 bytes");
        if (magic[0] != 0 || magic[1] != 0) {
            throw new InvalidIdxException(file, "not an IDX file: it does not begin with two zero bytes", WRONG_FILE);
        }
        if (magic[2] != UNSIGNED_BYTE) {
            throw new InvalidIdxException(
                    file, String.format("element type 0x%02x, expected 0x08 (unsigned bytes)", magic[2]), WRONG_FILE);
        }
        if (magic[3] != rank) {
            throw new InvalidIdxException(
                    file,
                    "rank " + (magic[3] & 0xFF) + ", expected " + rank
                            + (rank == IMAGE_RANK ? " (count, height, width)" : " (count)"),
                    "give an image file where images are expected and a label file where labels are");
        }
        return sizes(exactly(4 * rank, "the " + rank + " sizes"), rank);
    }

    private int[] sizes(byte[] bytes, int rank) {
        int[] sizes = new int[rank];
        long total = 1;
        for (int axis = 0; axis < rank; axis++) {
            long size = 0;
            for (int i = 0; i < 4; i++) {
                size = size << 8 | bytes[4 * axis + i] & 0xFF;
            }
            if (size == 0) {
                throw new InvalidIdxException(file, "an empty data set: size 0 on axis " + axis, FETCH_AGAIN);
            }
            // total ≤ 2³¹ and size < 2³²: the product fits in a long.
            total *= size;
            if (total > LARGEST) {
                throw new InvalidIdxException(file, "the header claims more than " + LARGEST + " bytes", FETCH_AGAIN);
            }
            sizes[axis] = (int) size;
        }
        return sizes;
    }

    private byte[] data(int[] sizes) throws IOException {
        int size = 1;
        for (int extent : sizes) {
            size *= extent;
        }
        byte[] data = exactly(size, size + " bytes of data");
        boolean more;
        try {
            // For a gzipped file this also checks length and checksum.
            more = in.read() >= 0;
        } catch (EOFException e) {
            throw truncated("the end of the gzip stream", e);
        }
        if (more) {
            throw new InvalidIdxException(
                    file, "more data than the " + size + " bytes that the header claims", FETCH_AGAIN);
        }
        return data;
    }

    /** Reads in pieces: a claim without data behind it costs no memory. */
    private byte[] exactly(int size, String what) throws IOException {
        byte[] bytes;
        try {
            bytes = in.readNBytes(size);
        } catch (EOFException e) {
            throw truncated(what, e);
        }
        if (bytes.length < size) {
            throw truncated(what + ", " + bytes.length + " bytes of them are there", null);
        }
        return bytes;
    }

    private InvalidIdxException truncated(String what, @Nullable Throwable cause) {
        return new InvalidIdxException(file, "ends before " + what, FETCH_AGAIN, cause);
    }

    private static InvalidIdxException unreadable(String file, IOException e) {
        if (e instanceof ZipException) {
            return new InvalidIdxException(file, "damaged gzip data (" + e.getMessage() + ")", FETCH_AGAIN, e);
        }
        if (e instanceof EOFException) {
            return new InvalidIdxException(file, "ends inside the gzip header", FETCH_AGAIN, e);
        }
        return new InvalidIdxException(file, "cannot be read (" + e + ")", "check the path and its permissions", e);
    }
}
