package org.blockrecurrent.raptor.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.blockrecurrent.raptor.store.zarr.ChunkWriter.Written;
import org.blockrecurrent.tensor.io.FormatException;
import org.jspecify.annotations.Nullable;

/**
 * Which chunks of a store are written, with their sizes and checksums: a text file that grows by a line whenever a chunk is
 * in its place, and by a last one when all are.
 *
 * <pre>
 *   0 1834920 5e1f00aa        number of the chunk, bytes of its file, CRC-32C of them
 *   …
 *   complete 26
 * </pre>
 *
 * <p>A line that a crash has cut off does not count. Lines are in the order in which chunks were finished.
 */
final class ChunkLog {
    static final String FILE = ".raptor-chunks";

    private static final Pattern CHUNK = Pattern.compile("([0-9]{1,18}) ([0-9]{1,10}) ([0-9a-f]{8})");
    private static final Pattern COMPLETE = Pattern.compile("complete ([0-9]{1,18})");
    private static final int HEX = 16;

    private final Path file;
    private final Map<Long, Written> chunks = new HashMap<>();
    private long wholeLines;
    private boolean complete;

    private ChunkLog(Path file) {
        this.file = file;
    }

    /** The log of a store; an empty one if there is none. */
    static ChunkLog read(Path folder) {
        ChunkLog log = new ChunkLog(folder.resolve(FILE));
        if (!Files.exists(log.file)) {
            return log;
        }
        try {
            byte[] bytes = Files.readAllBytes(log.file);
            String text = new String(bytes, StandardCharsets.US_ASCII);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            log.wholeLines = whole.length();
            whole.lines().forEach(log::take);
        } catch (IOException e) {
            throw FormatException.unreadable(log.file, e);
        }
        return log;
    }

    private void take(String line) {
        Matcher chunk = CHUNK.matcher(line);
        Matcher end = COMPLETE.matcher(line);
        if (complete) {
            throw new FormatException(file, "goes on after its end");
        } else if (chunk.matches()) {
            Written written = new Written(Long.parseLong(chunk.group(2)), Long.parseLong(chunk.group(3), HEX));
            chunks.put(Long.parseLong(chunk.group(1)), written);
        } else if (end.matches() && Long.parseLong(end.group(1)) == chunks.size()) {
            complete = true;
        } else {
            throw new FormatException(file, "has a line that is none of its own: " + FormatException.shown(line));
        }
    }

    /** True once all chunks are written. */
    boolean isComplete() {
        return complete;
    }

    /** Number of chunks that are written. */
    int size() {
        return chunks.size();
    }

    /** What is known of a chunk's file; null if it has not been written. */
    @Nullable
    Written of(long chunk) {
        return chunks.get(chunk);
    }

    /** Adds a chunk whose file is in its place. */
    synchronized void add(long chunk, Written written) {
        append(String.format("%d %d %08x\n", chunk, written.bytes(), written.crc32c()));
        chunks.put(chunk, written);
    }

    /** Says that all chunks are written. */
    synchronized void complete() {
        append("complete " + chunks.size() + "\n");
        complete = true;
    }

    private void append(String line) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII));
            channel.truncate(wholeLines);
            channel.position(wholeLines);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            wholeLines += line.length();
        } catch (IOException e) {
            throw FormatException.unwritable(file, e);
        }
    }
}
