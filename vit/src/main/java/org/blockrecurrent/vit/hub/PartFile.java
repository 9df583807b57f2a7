package org.blockrecurrent.vit.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that has been downloaded, {@code NAME.part}, and what the server called the whole, its entity tag, in
 * {@code NAME.part.etag}. Locked while it is open, so that two processes do not write the same file.
 */
final class PartFile implements AutoCloseable {
    private final Path path;
    private final Path tagPath;
    private final FileChannel channel;
    private volatile long bytes;
    private volatile @Nullable IOException failure;

    private PartFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        tagPath = path.resolveSibling(path.getFileName() + ".etag");
        this.channel = channel;
        bytes = channel.size();
    }

    /** The part of a file that is to be; made empty, and the folders above it, if there is none. */
    static PartFile of(Path target) {
        Path path = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw new DownloadException(path, "is being downloaded by someone else: wait for that", null);
            }
            return new PartFile(path, channel);
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by another thread of this process
        }
    }

    Path path() {
        return path;
    }

    long bytes() {
        return bytes;
    }

    /** The tag under which the bytes were got; null if the server gave none. */
    @Nullable
    String tag() {
        try {
            return Files.exists(tagPath) ? Files.readString(tagPath) : null;
        } catch (IOException e) {
            throw FormatException.unreadable(tagPath, e);
        }
    }

    /** Forgets what is there, and begins under another tag. */
    void restart(@Nullable String tag) {
        try {
            channel.truncate(0);
            bytes = 0;
            Files.deleteIfExists(tagPath);
            if (tag != null) {
                AtomicFile.write(tagPath, tag);
            }
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
    }

    /** Adds bytes at the end. An error of the disk is kept as {@link #failure}, to tell it from one of the network. */
    void append(List<ByteBuffer> buffers) throws IOException {
        try {
            long end = bytes;
            for (ByteBuffer buffer : buffers) {
                while (buffer.hasRemaining()) {
                    end += channel.write(buffer, end);
                    bytes = end; // seen by the thread that waits
                }
            }
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Throws if a write has failed. */
    void requireWritten() {
        IOException e = failure;
        if (e != null) {
            throw new DownloadException(
                    path,
                    "cannot be written: " + e.getMessage() + "; make room and run it again, what is there is kept",
                    e);
        }
    }

    /** Throws if the disk has no room for so many bytes more. */
    void requireRoom(long more) {
        try {
            long room = Files.getFileStore(path).getUsableSpace();
            if (more > room) {
                throw new DownloadException(
                        path, "needs " + more + " bytes, but the disk has only " + room + " left", null);
            }
        } catch (IOException e) {
            throw FormatException.unreadable(path, e);
        }
    }

    /** Makes it the file that it was to be. */
    void moveTo(Path target) {
        try {
            channel.force(true);
            Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(tagPath);
        } catch (IOException e) {
            throw FormatException.unwritable(target, e);
        }
    }

    /** Throws everything away. */
    void delete() {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(tagPath);
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
    }

    /** Closes the file, which unlocks it; what is there stays, if there is anything. */
    @Override
    public void close() {
        try {
            if (bytes == 0) {
                delete();
            }
            channel.close();
        } catch (IOException e) {
            throw FormatException.unwritable(path, e);
        }
    }
}
