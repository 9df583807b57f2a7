package org.blockrecurrent.tensor.io.zip;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes a zip archive in one pass, members stored and their contents aligned: the header of a member is padded by an extra
 * field, its CRC and sizes follow its contents in a data descriptor. Sizes and positions may exceed 32 bits (zip64). Equal
 * members make equal bytes.
 */
public final class StoredZipWriter {
    private static final int HEADER = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int ENTRY = 0x02014b50;
    private static final int END64 = 0x06064b50;
    private static final int LOCATOR = 0x07064b50;
    private static final int END = 0x06054b50;
    private static final short VERSION = 45; // the first with zip64
    private static final short FLAGS = 1 << 3 | 1 << 11; // a descriptor follows; names are UTF-8
    private static final short FIRST_OF_JANUARY_1980 = 0x21;
    private static final short PADDING = 0x4246;
    private static final int HEADER_BYTES = 30;
    private static final int EXTRA_HEAD_BYTES = 4;
    private static final long TOO_LARGE = 0xFFFFFFFFL;

    private final OutputStream out;
    private final List<Entry> entries = new ArrayList<>();
    private long position;

    private record Entry(byte[] name, int crc, long bytes, long headerAt) {
        boolean isWide() {
            return bytes >= TOO_LARGE || headerAt >= TOO_LARGE;
        }
    }

    /** Writes the contents of a member. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Everything goes to {@code out}, which is the caller's to close. */
    public StoredZipWriter(OutputStream out) {
        this.out = out;
    }

    /** As if so many bytes had been written before. */
    static StoredZipWriter continuedAt(long position, OutputStream out) {
        StoredZipWriter writer = new StoredZipWriter(out);
        writer.position = position;
        return writer;
    }

    /** Adds a member whose contents begin at a multiple of {@code alignment} bytes. */
    public void add(String name, int alignment, Content content) throws IOException {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        long headerAt = position;
        writeHeader(nameBytes, alignment);
        Counted counted = new Counted();
        content.writeTo(counted);
        position += counted.bytes;
        Entry entry = new Entry(nameBytes, (int) counted.crc.getValue(), counted.bytes, headerAt);
        writeDescriptor(entry);
        entries.add(entry);
    }

    /** Writes the directory. Nothing may be added afterwards. */
    public void finish() throws IOException {
        long directoryAt = position;
        for (Entry entry : entries) {
            writeEntry(entry);
        }
        writeEnd(directoryAt, position - directoryAt);
    }

    private void writeHeader(byte[] name, int alignment) throws IOException {
        long unpadded = position + HEADER_BYTES + name.length + EXTRA_HEAD_BYTES;
        int padding = (int) ((alignment - unpadded % alignment) % alignment);
        ByteBuffer header = buffer(HEADER_BYTES + name.length + EXTRA_HEAD_BYTES + padding);
        header.putInt(HEADER).putShort(VERSION).putShort(FLAGS).putShort((short) 0);
        header.putShort((short) 0).putShort(FIRST_OF_JANUARY_1980);
        header.putInt(0).putInt(0).putInt(0); // CRC and sizes follow the contents
        header.putShort((short) name.length).putShort((short) (EXTRA_HEAD_BYTES + padding));
        header.put(name).putShort(PADDING).putShort((short) padding);
        write(header.position(header.limit()));
    }

    private void writeDescriptor(Entry entry) throws IOException {
        ByteBuffer descriptor = buffer(24).putInt(DESCRIPTOR).putInt(entry.crc);
        if (entry.bytes >= TOO_LARGE) {
            descriptor.putLong(entry.bytes).putLong(entry.bytes);
        } else {
            descriptor.putInt((int) entry.bytes).putInt((int) entry.bytes);
        }
        write(descriptor);
    }

    private void writeEntry(Entry entry) throws IOException {
        ByteBuffer wide = buffer(28);
        if (entry.isWide()) {
            wide.putShort((short) 1).putShort((short) 24);
            wide.putLong(entry.bytes).putLong(entry.bytes).putLong(entry.headerAt);
        }
        int bytes = (int) (entry.isWide() ? TOO_LARGE : entry.bytes);
        ByteBuffer directory = buffer(46 + entry.name.length + wide.position());
        directory
                .putInt(ENTRY)
                .putShort(VERSION)
                .putShort(VERSION)
                .putShort(FLAGS)
                .putShort((short) 0);
        directory.putShort((short) 0).putShort(FIRST_OF_JANUARY_1980);
        directory.putInt(entry.crc).putInt(bytes).putInt(bytes);
        directory.putShort((short) entry.name.length).putShort((short) wide.position());
        directory.position(directory.position() + 10); // no comment, disk 0, no attributes
        directory.putInt((int) (entry.isWide() ? TOO_LARGE : entry.headerAt));
        write(directory.put(entry.name).put(wide.flip()));
    }

    private void writeEnd(long directoryAt, long directoryBytes) throws IOException {
        long end64At = position;
        ByteBuffer end = buffer(56 + 20 + 22);
        end.putInt(END64).putLong(44).putShort(VERSION).putShort(VERSION).putLong(0); // disk 0 twice
        end.putLong(entries.size())
                .putLong(entries.size())
                .putLong(directoryBytes)
                .putLong(directoryAt);
        end.putInt(LOCATOR).putInt(0).putLong(end64At).putInt(1);
        short count = (short) Math.min(entries.size(), 0xFFFF);
        end.putInt(END).putInt(0).putShort(count).putShort(count);
        end.putInt((int) Math.min(directoryBytes, TOO_LARGE)).putInt((int) Math.min(directoryAt, TOO_LARGE));
        write(end.putShort((short) 0));
    }

    private void write(ByteBuffer filled) throws IOException {
        out.write(filled.array(), 0, filled.position());
        position += filled.position();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Passes on what is written and takes its measure. */
    private final class Counted extends OutputStream {
        private final CRC32 crc = new CRC32();
        private long bytes;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            crc.update(source, offset, length);
            bytes += length;
            out.write(source, offset, length);
        }
    }
}
