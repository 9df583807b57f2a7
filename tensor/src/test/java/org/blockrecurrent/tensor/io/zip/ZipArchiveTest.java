package org.blockrecurrent.tensor.io.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.tensor.io.PositionedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
    private static final int ALIGNMENT = 64;
    private static final byte[] FIRST = "some bytes".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SECOND = new byte[100_000];

    @TempDir
    Path folder;

    /** By our writer: stored, with data descriptors and zip64 end. */
    private static byte[] written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredZipWriter zip = new StoredZipWriter(out);
        zip.add("a/first", ALIGNMENT, member -> member.write(FIRST));
        zip.add("a/ünï", ALIGNMENT, member -> member.write(SECOND));
        zip.add("a/empty", ALIGNMENT, member -> {});
        zip.finish();
        return out.toByteArray();
    }

    /** By the JDK: stored without descriptors, or deflated with them. */
    private static byte[] writtenByTheJdk(int method) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> member :
                    Map.of("x", FIRST, "y", SECOND).entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                CRC32 crc = new CRC32();
                crc.update(member.getValue());
                entry.setMethod(method);
                if (method == ZipEntry.STORED) {
                    entry.setCrc(crc.getValue());
                    entry.setSize(member.getValue().length);
                }
                zip.putNextEntry(entry);
                zip.write(member.getValue());
            }
        }
        return out.toByteArray();
    }

    /** Contents by name, each read as a stream and, if stored, checked in place. */
    private Map<String, byte[]> read(byte[] archive) {
        try {
            return PositionedFile.open(Files.write(folder.resolve("test.zip"), archive), ZipArchiveTest::contents);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> contents(PositionedFile file) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        ZipArchive archive = ZipArchive.read(file);
        for (ZipMember member : archive.members()) {
            if (member.isStored()) {
                archive.requireIntact(member);
            }
            try (InputStream in = archive.open(member)) {
                contents.put(member.name(), in.readAllBytes());
            }
        }
        file.close();
        return contents;
    }

    @Test
    void what_was_written_is_read_back() throws IOException {
        Map<String, byte[]> contents = read(written());
        assertThat(contents).containsOnlyKeys("a/first", "a/ünï", "a/empty");
        assertThat(contents.get("a/first")).isEqualTo(FIRST);
        assertThat(contents.get("a/ünï")).isEqualTo(SECOND);
        assertThat(contents.get("a/empty")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {ZipEntry.STORED, ZipEntry.DEFLATED})
    void what_the_jdk_writes_is_read(int method) throws IOException {
        Map<String, byte[]> contents = read(writtenByTheJdk(method));
        assertThat(contents.get("x")).isEqualTo(FIRST);
        assertThat(contents.get("y")).isEqualTo(SECOND);
    }

    @Test
    void the_jdk_reads_what_we_write() throws IOException {
        Path file = Files.write(folder.resolve("ours.zip"), written());
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
            assertThat(zip.size()).isEqualTo(3);
            assertThat(zip.getInputStream(zip.getEntry("a/ünï")).readAllBytes()).isEqualTo(SECOND);
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            assertThatThrownBy(zip::getNextEntry).hasMessageContaining("only DEFLATED entries can have EXT descriptor");
        }
    }

    @Test
    void contents_are_aligned() throws IOException {
        PositionedFile.open(Files.write(folder.resolve("ours.zip"), written()), file -> {
                    ZipArchive archive = ZipArchive.read(file);
                    assertThat(archive.members()).allMatch(member -> archive.dataAt(member) % ALIGNMENT == 0);
                    return file;
                })
                .close();
    }

    @Test
    void an_archive_that_is_cut_short_anywhere_is_refused() throws IOException {
        byte[] archive = small();
        for (int length = 0; length < archive.length; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertThatThrownBy(() -> read(cut)).as("cut to %d bytes", length).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void an_archive_with_anything_before_or_behind_it_is_refused() throws IOException {
        byte[] archive = small();
        byte[] longer = Arrays.copyOf(archive, archive.length + 1);
        assertThatThrownBy(() -> read(longer)).hasMessageContaining("1 bytes follow its end record");
        byte[] later = new byte[archive.length + 1];
        System.arraycopy(archive, 0, later, 1, archive.length);
        assertThatThrownBy(() -> read(later)).hasMessageContaining("does not begin with the header of a member");
    }

    /** Whatever one bit is flipped, no other names and no other contents come out. */
    @ParameterizedTest
    @ValueSource(strings = {"ours", "jdk stored", "jdk deflated"})
    void a_flipped_bit_never_changes_what_is_read(String writer) throws IOException {
        byte[] archive = writer.equals("ours") ? small() : smallOfTheJdk(writer.endsWith("deflated"));
        Map<String, byte[]> expected = read(archive);
        int refused = 0;
        for (int bit = 0; bit < archive.length * Byte.SIZE; bit++) {
            byte[] flipped = archive.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            try {
                assertThat(read(flipped)).as("bit %d", bit).containsExactlyEntriesOf(expected);
            } catch (InvalidInputException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(archive.length * Byte.SIZE / 2);
    }

    private static byte[] small() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredZipWriter zip = new StoredZipWriter(out);
        zip.add("a", 1, member -> member.write(FIRST));
        zip.add("b", 1, member -> member.write(1));
        zip.finish();
        return out.toByteArray();
    }

    private static byte[] smallOfTheJdk(boolean deflated) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            ZipEntry entry = new ZipEntry("a");
            CRC32 crc = new CRC32();
            crc.update(FIRST);
            entry.setMethod(deflated ? ZipEntry.DEFLATED : ZipEntry.STORED);
            entry.setCrc(crc.getValue());
            entry.setSize(FIRST.length);
            zip.putNextEntry(entry);
            zip.write(FIRST);
        }
        return out.toByteArray();
    }

    @Test
    void a_member_that_unpacks_to_more_or_less_than_it_claims_is_refused() throws IOException {
        for (int claimed : new int[] {FIRST.length - 1, FIRST.length + 1}) {
            byte[] archive = smallOfTheJdk(true);
            ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
            int entryAt = archive.length - 22 - 46 - 1;
            bytes.putInt(entryAt + 24, claimed);
            bytes.putInt(22, claimed);
            bytes.putInt(entryAt - 4, claimed); // its data descriptor, if there is one
            assertThatThrownBy(() -> read(archive)).isInstanceOf(FormatException.class);
        }
    }

    /** As numpy does while it does not know how long an array will be: all ones in the header, sizes in a zip64 field. */
    @Test
    void sizes_in_the_zip64_field_of_a_local_header_are_read() throws IOException {
        byte[] wide = ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 1)
                .putShort((short) 16)
                .putLong(FIRST.length)
                .putLong(FIRST.length)
                .array();
        byte[] plain = smallOfTheJdk(false);
        byte[] archive = insert(plain, 30 + 1, wide);
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(18, -1).putInt(22, -1).putShort(28, (short) wide.length);
        int endAt = archive.length - 22;
        bytes.putInt(endAt + 16, bytes.getInt(endAt + 16) + wide.length);
        assertThat(read(archive).get("a")).isEqualTo(FIRST);
        bytes.putLong(31 + 4, FIRST.length + 1);
        assertThatThrownBy(() -> read(archive)).hasMessageContaining("contradicts the directory");
    }

    private static byte[] insert(byte[] bytes, int at, byte[] inserted) {
        return ByteBuffer.allocate(bytes.length + inserted.length)
                .put(bytes, 0, at)
                .put(inserted)
                .put(bytes, at, bytes.length - at)
                .array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x", "../x", "x/../y", "..", "x\\y"})
    void a_name_that_could_lead_out_of_the_archive_is_refused(String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredZipWriter zip = new StoredZipWriter(out);
        zip.add(name, 1, member -> member.write(1));
        zip.finish();
        assertThatThrownBy(() -> read(out.toByteArray())).hasMessageContaining("could lead out of the archive");
    }

    /** Five gibibytes of which nothing is kept but what the writer says at the end. */
    @Test
    void positions_beyond_four_gibibytes_are_written_to_the_zip64_field() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long skipped = 5L << 30;
        StoredZipWriter zip = StoredZipWriter.continuedAt(skipped, kept);
        zip.add("late", 1, member -> member.write(FIRST));
        zip.finish();
        ByteBuffer bytes = ByteBuffer.wrap(kept.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int entryAt = 30 + 4 + 4 + FIRST.length + 16; // header, name, padding field, contents, descriptor
        assertThat(bytes.getInt(entryAt)).isEqualTo(0x02014b50);
        assertThat(bytes.getInt(entryAt + 42)).isEqualTo(-1);
        int extraAt = entryAt + 46 + 4;
        assertThat(bytes.getShort(extraAt)).isEqualTo((short) 1);
        assertThat(bytes.getLong(extraAt + 4)).isEqualTo(FIRST.length);
        assertThat(bytes.getLong(extraAt + 4 + 16)).isEqualTo(skipped);
        ExtraFields fields = ExtraFields.of(bytes.slice(extraAt, 28).order(ByteOrder.LITTLE_ENDIAN));
        assertThat(new long[] {fields.widen(-1), fields.widen(-1), fields.widen(-1), fields.widen(-1)})
                .containsExactly(FIRST.length, FIRST.length, skipped, -1);
    }
}
