package org.blockrecurrent.raptor.store.zarr;

import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.tensor.io.FormatException;

/** A Zarr 2 array in a folder, to be read chunk by chunk. */
public final class ZarrArray {
    private final Path folder;
    private final ZarrMetadata metadata;

    private ZarrArray(Path folder, ZarrMetadata metadata) {
        this.folder = folder;
        this.metadata = metadata;
    }

    /** Reads {@code .zarray}; throws a {@link FormatException} that says what cannot be read. No chunk is looked for. */
    public static ZarrArray open(Path folder) {
        return new ZarrArray(folder, ZarrMetadata.read(folder));
    }

    /** True if the folder says that it is an array. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(ZarrMetadata.FILE));
    }

    /** Writes {@code .zarray}; where it is there already, throws unless it says the same. */
    public static ZarrArray create(Path folder, ZarrMetadata metadata) {
        if (!isIn(folder)) {
            AtomicFile.write(folder.resolve(ZarrMetadata.FILE), metadata.json());
        }
        ZarrArray array = open(folder);
        if (!array.metadata.json().equals(metadata.json())) {
            throw new InvalidInputException(folder + " holds an array of other settings, " + array.metadata.summary()
                    + ", not " + metadata.summary() + "; give those that it was begun with, or choose another folder");
        }
        return array;
    }

    public Path folder() {
        return folder;
    }

    public ZarrMetadata metadata() {
        return metadata;
    }

    public ChunkGrid grid() {
        return metadata.grid();
    }

    /** The name of a chunk, such as {@code 12.0.0.0}. */
    public String key(long chunk) {
        return grid().key(chunk, metadata.separator());
    }

    Path file(long chunk) {
        return folder.resolve(key(chunk));
    }

    /**
     * Throws a {@link FormatException} that names the first chunk that is missing. To Zarr such a chunk stands for the fill
     * value, and some writers leave out chunks that hold nothing else; but states of a network are never all alike, so
     * that here it can only be one that was not written.
     */
    public void requireComplete() {
        for (long chunk = 0; chunk < grid().chunks(); chunk++) {
            if (!Files.isRegularFile(file(chunk))) {
                throw missing(chunk);
            }
        }
    }

    FormatException missing(long chunk) {
        return new FormatException(
                folder,
                "chunk " + key(chunk)
                        + " is missing: it was never written, or is lost; its values are not known (Zarr would read "
                        + metadata.fillValue() + "); write the store again");
    }

    /** A reader for one thread. */
    public ChunkReader reader(ChunkReader.FileCheck check) {
        return new ChunkReader(this, check);
    }

    /** A writer for one thread. */
    public ChunkWriter writer() {
        return new ChunkWriter(this);
    }
}
