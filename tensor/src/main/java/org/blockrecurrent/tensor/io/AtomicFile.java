package org.blockrecurrent.tensor.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Replaces a file in one step: whoever opens it finds the old contents or the new, complete, whatever happens meanwhile.
 *
 * <p>A hidden temporary file in the same directory is written, forced to the device, read back and compared, then moved
 * over the final name; at last the directory is forced. On failure the temporary file is deleted; only a killed process
 * or a power loss leaves one behind ({@code .NAME.….tmp}), which is safe to delete.
 */
public final class AtomicFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LONGEST_PREFIX = 40;

    /** What the file is to hold. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    public static void write(Path file, byte[] bytes) {
        write(file, out -> out.write(bytes));
    }

    /** Writes text as UTF-8. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes what {@code content} produces, making the directories above the file if need be. Throws an {@link
     * org.blockrecurrent.tensor.InvalidInputException} that names the file if that fails; the old file is then untouched.
     */
    public static void write(Path file, Content content) {
        try {
            replace(file.toAbsolutePath(), content);
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }

    private static void replace(Path file, Content content) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        Path directory = file.getParent();
        Files.createDirectories(directory);
        Path temporary = directory.resolve(temporaryName(file));
        try {
            long checksum = writeForced(temporary, content);
            if (checksumOf(temporary) != checksum) {
                throw new IOException("the device returned other bytes than were written");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceDirectory(directory);
    }

    private static String temporaryName(Path file) {
        String name = file.getFileName().toString();
        return "." + name.substring(0, Math.min(name.length(), LONGEST_PREFIX)) + "." + UUID.randomUUID() + ".tmp";
    }

    private static long writeForced(Path temporary, Content content) throws IOException {
        CRC32C checksum = new CRC32C();
        try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                OutputStream out = new BufferedOutputStream(
                        new CheckedOutputStream(Channels.newOutputStream(channel), checksum), BUFFER_BYTES)) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
        return checksum.getValue();
    }

    private static long checksumOf(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                checksum.update(buffer, 0, n);
            }
        }
        return checksum.getValue();
    }

    /** Makes the move itself durable. Windows cannot open a directory; there the file system's journal must do. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }
}
