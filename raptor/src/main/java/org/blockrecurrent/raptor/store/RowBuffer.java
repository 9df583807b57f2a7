package org.blockrecurrent.raptor.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.blockrecurrent.raptor.store.StoreCard.Precision;
import org.blockrecurrent.raptor.store.zarr.ChunkGrid;
import org.blockrecurrent.vit.Trajectory;

/** A row of chunks on its way to the disk: filled image by image, then written, then filled again. */
final class RowBuffer {
    private static final int KEPT_BITS = 0xFFFF0000;
    private static final int HALF = 0x7FFF;

    private final byte[][] states;
    private final int floatsPerImage;
    private final Precision precision;
    private final List<Future<?>> writing = new ArrayList<>();

    RowBuffer(ChunkGrid grid, Precision precision) {
        states = new byte[grid.shape(1)][grid.chunkSize() * Float.BYTES];
        floatsPerImage = grid.shape(2) * grid.shape(3);
        this.precision = precision;
    }

    /** Copies {@code n} images of a trajectory, from {@code from} on, to the places {@code place} and on. */
    void put(Trajectory trajectory, int from, int n, int place) {
        awaitWritten();
        for (int depth = 0; depth < states.length; depth++) {
            float[] values = trajectory.state(depth).toArray();
            FloatBuffer chunk = ByteBuffer.wrap(states[depth])
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            int first = from * floatsPerImage;
            int count = n * floatsPerImage;
            if (precision == Precision.BFLOAT16) {
                round(values, first, count);
            }
            chunk.position(place * floatsPerImage).put(values, first, count);
        }
    }

    /** To the nearest number with the lower 16 bits zero, ties to even. Infinities stay, NaN stays one. */
    static void round(float[] values, int from, int count) {
        for (int i = from; i < from + count; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            int rounded = bits + HALF + (bits >>> 16 & 1) & KEPT_BITS;
            values[i] = Float.isNaN(values[i]) ? Float.NaN : Float.intBitsToFloat(rounded);
        }
    }

    /** Zeros behind the first {@code images} images. */
    void pad(int images) {
        for (byte[] state : states) {
            Arrays.fill(state, images * floatsPerImage * Float.BYTES, state.length, (byte) 0);
        }
    }

    /** The chunk of a depth. */
    byte[] state(int depth) {
        return states[depth];
    }

    /** Not to be filled again before this has been done. */
    void writing(Future<?> chunk) {
        writing.add(chunk);
    }

    /** Waits until the row is on the disk; throws what went wrong. */
    void awaitWritten() {
        writing.forEach(Tasks::await);
        writing.clear();
    }
}
