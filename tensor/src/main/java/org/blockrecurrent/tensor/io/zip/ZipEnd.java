package org.blockrecurrent.tensor.io.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;

/**
 * What the end of a zip archive says of its directory. The end is the very last thing in the file:
 *
 * <pre>
 *   directory | [zip64 end, 56 bytes | its locator, 20 bytes] | end, 22 bytes without a comment
 * </pre>
 */
record ZipEnd(long entries, long directoryAt, long directoryBytes) {
    private static final int END = 0x06054b50;
    private static final int LOCATOR = 0x07064b50;
    private static final int END64 = 0x06064b50;
    private static final int END_BYTES = 22;
    private static final int LOCATOR_BYTES = 20;
    private static final int END64_BYTES = 56;
    private static final int LONGEST_COMMENT = 65_535;
    private static final int SEE_END64_SHORT = 0xFFFF;
    private static final long SEE_END64 = 0xFFFFFFFFL;

    /** Reads and checks it; the directory lies right before. */
    static ZipEnd of(PositionedFile file) {
        long at = file.bytes() - END_BYTES;
        if (at < 0 || file.read(at, buffer(END_BYTES)).getInt() != END) {
            throw missing(file);
        }
        ByteBuffer end = file.read(at + Integer.BYTES, buffer(END_BYTES - Integer.BYTES));
        boolean oneDisk = end.getInt() == 0; // the numbers of two disks
        int onDisk = end.getShort() & 0xFFFF;
        int entries = end.getShort() & 0xFFFF;
        long bytes = end.getInt() & SEE_END64;
        long from = end.getInt() & SEE_END64;
        if (!oneDisk || onDisk != entries || end.getShort() != 0) {
            throw invalid(file, "its end record is of an archive in several parts or with a comment");
        }
        return wide(file, new ZipEnd(entries, from, bytes), at);
    }

    /** The same with the numbers of the zip64 end, if there is one. */
    private static ZipEnd wide(PositionedFile file, ZipEnd narrow, long endAt) {
        long locatorAt = endAt - LOCATOR_BYTES;
        if (locatorAt < 0 || file.read(locatorAt, buffer(Integer.BYTES)).getInt() != LOCATOR) {
            return narrow.requireBefore(file, endAt);
        }
        ByteBuffer locator = file.read(locatorAt + Integer.BYTES, buffer(LOCATOR_BYTES - Integer.BYTES));
        int disk = locator.getInt();
        long at = locator.getLong();
        if (disk != 0 || locator.getInt() != 1 || at != locatorAt - END64_BYTES || at < 0) {
            throw invalid(file, "its zip64 locator does not lead to the record before it");
        }
        ZipEnd wide = end64(file, at);
        boolean agree = agree(narrow.entries, wide.entries, SEE_END64_SHORT)
                && agree(narrow.directoryAt, wide.directoryAt, SEE_END64)
                && agree(narrow.directoryBytes, wide.directoryBytes, SEE_END64);
        if (!agree) {
            throw invalid(file, "its two end records contradict each other");
        }
        return wide.requireBefore(file, at);
    }

    private static ZipEnd end64(PositionedFile file, long at) {
        ByteBuffer end = file.read(at, buffer(END64_BYTES));
        boolean known = end.getInt() == END64 && end.getLong() == END64_BYTES - 12;
        end.getInt(); // versions
        boolean oneDisk = end.getLong() == 0; // the numbers of two disks
        long onDisk = end.getLong();
        long entries = end.getLong();
        long bytes = end.getLong();
        if (!known || !oneDisk || onDisk != entries) {
            throw invalid(file, "its zip64 end record is damaged");
        }
        return new ZipEnd(entries, end.getLong(), bytes);
    }

    private static boolean agree(long narrow, long wide, long seeWide) {
        return narrow == wide || narrow == seeWide;
    }

    private ZipEnd requireBefore(PositionedFile file, long at) {
        boolean fits = directoryAt >= 0 && directoryBytes >= 0 && directoryBytes <= at;
        if (!fits || directoryAt != at - directoryBytes) {
            throw invalid(file, "its directory does not lie right before its end record");
        }
        return this;
    }

    /** Tells a file that was cut short from one with something behind the archive. */
    private static FormatException missing(PositionedFile file) {
        long from = Math.max(0, file.bytes() - END_BYTES - LONGEST_COMMENT);
        ByteBuffer tail = file.read(from, buffer((int) (file.bytes() - from)));
        for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END) {
                return invalid(file, (tail.limit() - END_BYTES - at) + " bytes follow its end record");
            }
        }
        return new FormatException(
                file.path(),
                "the directory at the end of the zip archive is missing: the file is cut short; get it again");
    }

    private static FormatException invalid(PositionedFile file, String problem) {
        return new FormatException(file.path(), "is not a valid zip archive: " + problem);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
