package org.blockrecurrent.raptor.store.zarr;

import org.jspecify.annotations.Nullable;

/** How the streams of a Blosc frame are compressed, with its number there. Snappy, number 2, is not among them. */
enum StreamCodec {
    BLOSCLZ(0),
    /** Also what lz4hc writes. */
    LZ4(1),
    ZLIB(3),
    ZSTD(4);

    private final int number;

    StreamCodec(int number) {
        this.number = number;
    }

    static @Nullable StreamCodec of(int number) {
        for (StreamCodec codec : values()) {
            if (codec.number == number) {
                return codec;
            }
        }
        return null;
    }

    int number() {
        return number;
    }
}
