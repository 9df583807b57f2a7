package org.blockrecurrent.vit.data;

/** Fills host batches; the same bits whichever loader it is. For one thread. */
interface BatchLoader {
    /** The batch of a step, filled and settled; valid until the next call. */
    HostBatch load(int step);

    /** For images in memory: everything on the calling thread, with one buffer. */
    static BatchLoader direct(BatchSource source) {
        HostBatch batch = source.newBatch();
        byte[] levels = new byte[source.set().levels()];
        return step -> {
            source.begin(batch, step);
            for (int position = 0; position < batch.size(); position++) {
                source.fill(batch, position, levels);
            }
            source.settle(batch);
            return batch;
        };
    }
}
