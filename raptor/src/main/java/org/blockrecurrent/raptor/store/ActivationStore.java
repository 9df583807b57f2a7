package org.blockrecurrent.raptor.store;

import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.blockrecurrent.raptor.TeacherFingerprint;
import org.blockrecurrent.raptor.store.zarr.ChunkGrid;
import org.blockrecurrent.raptor.store.zarr.ChunkReader;
import org.blockrecurrent.raptor.store.zarr.ChunkWriter.Written;
import org.blockrecurrent.raptor.store.zarr.ZarrArray;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.FormatException;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.VisionTransformer;
import org.jspecify.annotations.Nullable;

/**
 * The trajectories of many images: a Zarr 2 array (images, L + 1, N, D) of the states x₀ … x_L, as the published code writes
 * it and as {@link ActivationWriter} does. Opening it makes sure that no chunk is missing; a damaged chunk is noticed when it
 * is read, by its checksum if this program wrote it, else by what its format allows.
 */
public final class ActivationStore {
    private static final int RANK = 4;
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    private final ZarrArray array;
    private final @Nullable StoreCard card;
    private final ChunkLog log;

    private ActivationStore(ZarrArray array, @Nullable StoreCard card, ChunkLog log) {
        this.array = array;
        this.card = card;
        this.log = log;
    }

    /** Throws an exception that names the first chunk that is missing, or says what else is wrong. */
    public static ActivationStore open(Path folder) {
        ZarrArray array = ZarrArray.open(folder);
        requireActivations(array);
        StoreCard card = StoreCard.read(folder);
        ActivationStore store = new ActivationStore(array, card, ChunkLog.read(folder));
        if (card != null) {
            store.requireFinished();
        }
        array.requireComplete();
        return store;
    }

    static void requireActivations(ZarrArray array) {
        ChunkGrid grid = array.grid();
        if (grid.rank() != RANK) {
            throw new FormatException(
                    array.folder(), "is no activation store: expected an array (images, L + 1, N, D), got " + grid);
        }
        double ofOneDepth = ChunkRow.bytes(grid) / Float.BYTES / grid.shape(1);
        if (ofOneDepth > LARGEST_ARRAY) {
            throw new FormatException(
                    array.folder(),
                    "its chunks hold the states of too many images, " + grid
                            + "; write it with fewer images in a chunk");
        }
    }

    private void requireFinished() {
        long chunks = array.grid().chunks();
        if (log.isComplete() && log.size() == chunks) {
            return;
        }
        long missing = 0;
        while (missing < chunks && log.of(missing) != null) {
            missing++;
        }
        throw new FormatException(
                array.folder(),
                "is unfinished: " + log.size() + " of " + chunks + " chunks are written, "
                        + (missing < chunks ? array.key(missing) : "its end") + " is not; "
                        + "run the command that writes it again, it goes on from there");
    }

    /** What messages call it. */
    public String where() {
        return array.folder().toString();
    }

    /** What the store says of itself; null if another program wrote it. */
    public @Nullable StoreCard card() {
        return card;
    }

    /** What its images are called in a Raptor's settings. */
    public String name() {
        return card == null
                ? "activations "
                        + Objects.requireNonNull(array.folder().toAbsolutePath().getFileName())
                : card.name();
    }

    /** Number of images. */
    public int images() {
        return array.grid().shape(0);
    }

    /** L. */
    public int layers() {
        return array.grid().shape(1) - 1;
    }

    /** N. */
    public int tokens() {
        return array.grid().shape(2);
    }

    /** D. */
    public int embedDim() {
        return array.grid().shape(3);
    }

    /** Images of a chunk: those that are decoded together. */
    public int imagesPerChunk() {
        return array.grid().chunk(0);
    }

    /**
     * Throws unless the states can be those of this teacher: the same depth, tokens and width, and the very same parameters where
     * the store says whose they are.
     */
    public void requireFits(VisionTransformer teacher) {
        require(
                layers() == teacher.layers(),
                "has states of " + layers() + " layers, the teacher has " + teacher.layers());
        TokenLayout layout = teacher.layout();
        require(
                tokens() == layout.tokens(),
                "has " + tokens() + " tokens an image, the teacher has " + layout.tokens() + " (1 cls, "
                        + layout.registers() + " registers, " + layout.patches() + " patches)");
        int width = teacher.config().embedDim();
        require(embedDim() == width, "has tokens of width " + embedDim() + ", the teacher's have " + width);
        if (card != null) {
            String fingerprint = TeacherFingerprint.of(teacher);
            require(
                    card.teacher().equals(fingerprint),
                    "holds states of another teacher, " + card.teacher() + ", not of this one, " + fingerprint);
            require(card.layout().equals(layout), "has tokens of " + card.layout() + ", the teacher of " + layout);
        }
    }

    private void require(boolean fits, String problem) {
        if (!fits) {
            throw new InvalidInputException(
                    "the activation store " + where() + " " + problem + "; give the teacher that it was made with");
        }
    }

    /**
     * Decodes one row of chunks: the images from {@code row · imagesPerChunk} on. For looking at single images; a training
     * reads ahead.
     */
    public ChunkRow row(int row) {
        ChunkRow decoded = new ChunkRow(array);
        int chunksPerRow = array.grid().chunksPerRow();
        long first = (long) row * chunksPerRow;
        try (ChunkReader reader = reader()) {
            for (long chunk = first; chunk < first + chunksPerRow; chunk++) {
                decoded.put(chunk, reader.read(chunk));
            }
        }
        return decoded;
    }

    ZarrArray array() {
        return array;
    }

    /** A reader for one thread that also holds every chunk against its checksum. */
    ChunkReader reader() {
        return array.reader(card == null ? ChunkReader.FileCheck.NONE : this::requireIntact);
    }

    private void requireIntact(long chunk, byte[] bytes, int length) {
        Written expected = Objects.requireNonNull(log.of(chunk));
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        if (expected.bytes() != length || expected.crc32c() != crc.getValue()) {
            throw new FormatException(
                    array.folder(),
                    "chunk " + array.key(chunk) + " is damaged: its checksum differs; write the store again");
        }
    }
}
