package org.blockrecurrent.raptor.store;

import java.nio.file.Files;
import java.nio.file.Path;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.image.Normalization;
import org.jspecify.annotations.Nullable;

/**
 * What a store written by this program says of its contents, in a file of its own beside {@code .zarray}: Zarr readers pass it
 * over.
 *
 * @param teacher fingerprint of the teacher's parameters
 * @param normalization how the images became floats
 * @param dataSet name of the images
 * @param images their number
 * @param layout of the tokens
 * @param precision what the states were rounded to
 */
public record StoreCard(
        String teacher,
        Normalization normalization,
        String dataSet,
        int images,
        TokenLayout layout,
        Precision precision) {
    static final String FILE = ".raptor.json";

    /** What the states are rounded to before they are written as 32-bit floats. */
    public enum Precision {
        /** Not at all. */
        FLOAT32,
        /** To the nearest number with 8 bits of fraction, ties to even: the two bytes of zeros compress to nothing. */
        BFLOAT16
    }

    /** The card of a store; null if it has none, as stores of other programs. */
    static @Nullable StoreCard read(Path folder) {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? Json.read(file, StoreCard.class) : null;
    }

    void write(Path folder) {
        Json.write(folder.resolve(FILE), this);
    }

    /** What the images are called where the bits of the states matter. */
    String name() {
        return precision == Precision.FLOAT32 ? dataSet : dataSet + ", rounded to bfloat16";
    }
}
