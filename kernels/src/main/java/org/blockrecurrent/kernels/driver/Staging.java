package org.blockrecurrent.kernels.driver;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;

/**
 * Copies between arrays of the JVM and the device, through pinned memory, in the order of the stream.
 *
 * <p>Uploads fill two buffers in turn, one write after the other, and return as soon as the array has been read: they
 * wait only for a buffer that the device has not copied yet, which a small write meets after thousands of others.
 * Downloads wait for the device, since the caller wants the values; a long one is copied out of one buffer while the
 * other fills.
 */
final class Staging {
    private static final int BUFFERS = 2;
    private static final int ALIGNMENT = 256;

    private final CudaContext context;
    private final Buffer[] up = new Buffer[BUFFERS];
    private final Buffer[] down = new Buffer[BUFFERS];
    private int filling;

    /** With buffers of that many bytes, a multiple of 256. */
    Staging(CudaContext context, int bytes) {
        this.context = context;
        CudaDriver driver = context.enter();
        for (int i = 0; i < BUFFERS; i++) {
            up[i] = new Buffer(bytes, driver);
            down[i] = new Buffer(bytes, driver);
        }
    }

    /** Writes {@code count} words of an upload, from word {@code from} on, at the buffer's position. */
    @FunctionalInterface
    interface Source {
        void write(ByteBuffer to, int from, int count);
    }

    /** Takes words {@code from} on of a download. */
    @FunctionalInterface
    interface Sink {
        void read(FloatBuffer values, int from);
    }

    private static final class Buffer {
        private final PinnedBuffer memory;
        private final CUevent copied;
        private boolean isPending;
        private int used;

        Buffer(int bytes, CudaDriver driver) {
            memory = new PinnedBuffer(bytes, driver);
            copied = driver.eventCreate();
        }

        int room() {
            return memory.size() - used;
        }

        void free(CudaDriver driver) {
            driver.eventDestroy(copied);
            memory.free(driver);
        }
    }

    /** Copies words to the device. */
    void upload(CUdeviceptr target, int words, Source source) {
        CudaDriver driver = context.enter();
        for (int from = 0; from < words; ) {
            Buffer buffer = withRoom(driver);
            int count = Math.min(words - from, buffer.room() / Float.BYTES);
            source.write(buffer.memory.bytes(buffer.used, count * Float.BYTES), from, count);
            Pointer staged = buffer.memory.pointer(buffer.used);
            driver.memcpyHtoDAsync(at(target, from), staged, (long) Float.BYTES * count, context.stream());
            buffer.used = align(buffer.used + count * Float.BYTES);
            from += count;
        }
    }

    /** Copies words from the device, after all work that was handed to the stream before. */
    void download(CUdeviceptr source, int words, Sink sink) {
        CudaDriver driver = context.enter();
        int chunk = down[0].memory.size() / Float.BYTES;
        int chunks = (words + chunk - 1) / chunk;
        for (int next = 0; next <= chunks; next++) {
            if (next < chunks) {
                int count = Math.min(chunk, words - next * chunk);
                fetch(down[next % BUFFERS], at(source, next * chunk), count, driver);
            }
            if (next > 0) {
                int from = (next - 1) * chunk;
                Buffer filled = down[(next - 1) % BUFFERS];
                driver.eventSynchronize(filled.copied);
                sink.read(filled.memory.bytes(0, filled.used).asFloatBuffer(), from);
            }
        }
    }

    void free(CudaDriver driver) {
        for (int i = 0; i < BUFFERS; i++) {
            up[i].free(driver);
            down[i].free(driver);
        }
    }

    private void fetch(Buffer into, CUdeviceptr source, int words, CudaDriver driver) {
        into.used = words * Float.BYTES;
        driver.memcpyDtoHAsync(into.memory.pointer(), source, into.used, context.stream());
        driver.eventRecord(into.copied, context.stream());
    }

    /** The buffer that is being filled, or the other one once the device has done with that. */
    private Buffer withRoom(CudaDriver driver) {
        Buffer buffer = up[filling];
        if (buffer.room() > 0) {
            return buffer;
        }
        driver.eventRecord(buffer.copied, context.stream());
        buffer.isPending = true;
        filling = (filling + 1) % BUFFERS;
        Buffer next = up[filling];
        if (next.isPending) {
            driver.eventSynchronize(next.copied);
            next.isPending = false;
        }
        next.used = 0;
        return next;
    }

    private static CUdeviceptr at(CUdeviceptr start, int words) {
        return words == 0 ? start : start.withByteOffset((long) Float.BYTES * words);
    }

    private static int align(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
