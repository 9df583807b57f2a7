package org.blockrecurrent.raptor.store;

import java.util.ArrayList;
import java.util.List;
import org.blockrecurrent.raptor.training.TrajectoryBatches;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.TokenLayout;
import org.blockrecurrent.vit.Trajectory;
import org.blockrecurrent.vit.data.BatchOrder;
import org.jspecify.annotations.Nullable;

/**
 * Batches of trajectories from a store. As long as each step follows the one before, every row of chunks is decoded once in a
 * pass over the images; any other step begins to read anew.
 */
final class StoredBatches implements TrajectoryBatches {
    private static final int THREADS = Math.min(2, Runtime.getRuntime().availableProcessors());

    private final ActivationStore store;
    private final TokenLayout layout;
    private final BatchOrder order;
    private final int batch;
    private final int shown;
    private final int epochs;
    private final float[][] states;
    private int nextStep;
    private int currentEpoch = -1;
    private int[] images = new int[0];
    private @Nullable ReadAhead rows;
    private @Nullable ChunkRow row;

    /**
     * @param order keeps the images of a row of chunks together
     * @param shown images that an epoch shows; the last batch of an epoch may be smaller than the others
     */
    StoredBatches(ActivationStore store, TokenLayout layout, BatchOrder order, int batch, int shown, int epochs) {
        this.store = store;
        this.layout = layout;
        this.order = order;
        this.batch = batch;
        this.shown = shown;
        this.epochs = epochs;
        states = new float[store.layers() + 1][0];
    }

    /** Bytes that reading takes: rows of chunks, what each thread decodes, and a batch. */
    static double memory(ActivationStore store, int batch) {
        double row = ChunkRow.bytes(store.array().grid());
        double chunk = (double) store.array().grid().chunkSize()
                * store.array().metadata().type().bytes();
        double image = (store.layers() + 1.0) * store.tokens() * store.embedDim() * Float.BYTES;
        return ReadAhead.ROWS * row + 2 * THREADS * chunk + batch * image;
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public int perEpoch() {
        return (shown + batch - 1) / batch;
    }

    @Override
    public Trajectory at(Backend backend, int step) {
        int epoch = step / perEpoch();
        int from = step % perEpoch() * batch;
        int B = Math.min(batch, shown - from);
        fill(seek(step, epoch, from), from, B);
        List<Tensor> tensors = new ArrayList<>();
        for (float[] state : states) {
            tensors.add(backend.tensor(Shape.of(B, store.tokens(), store.embedDim()), state));
        }
        return new Trajectory(tensors, layout);
    }

    /** The rows from a step on: as before if it follows the step before, else begun anew. */
    private ReadAhead seek(int step, int epoch, int from) {
        if (epoch != currentEpoch) {
            images = order.of(epoch);
            currentEpoch = epoch;
        }
        if (rows == null || step != nextStep) {
            close();
            rows = new ReadAhead(store, new RowSequence(order, shown, epochs, epoch, from), THREADS);
        }
        nextStep = step + 1;
        return rows;
    }

    /** Copies B images to the host's batch. */
    private void fill(ReadAhead ahead, int from, int B) {
        int size = B * store.tokens() * store.embedDim();
        for (int layer = 0; layer < states.length; layer++) {
            // The backend takes arrays of the very size.
            states[layer] = states[layer].length == size ? states[layer] : new float[size];
        }
        for (int position = from; position < from + B; position++) {
            ChunkRow current = row == null || isFirstOfRow(position) ? ahead.next() : row;
            row = current;
            for (int layer = 0; layer < states.length; layer++) {
                current.copy(images[position] % order.together(), layer, states[layer], position - from);
            }
        }
    }

    private boolean isFirstOfRow(int position) {
        return position == 0 || images[position] / order.together() != images[position - 1] / order.together();
    }

    @Override
    public void close() {
        row = null;
        if (rows != null) {
            rows.close();
            rows = null;
        }
    }
}
