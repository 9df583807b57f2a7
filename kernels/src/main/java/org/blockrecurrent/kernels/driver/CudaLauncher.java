package org.blockrecurrent.kernels.driver;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUstream;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Storage;
import org.blockrecurrent.tensor.Tensor;

/**
 * What a backend and its kernels need of the device: launches, memory, copies. Everything it starts runs in order, on one
 * stream; only {@link #read} and {@link #synchronize} wait for it.
 */
public final class CudaLauncher implements AutoCloseable {
    private static final int STAGING_BYTES = 4 << 20;
    private static final int MOST_TABLE_WORDS = 4096;

    private final CudaContext context;
    private final MemoryPool pool;
    private final Staging staging;
    private final LaunchArguments arguments;
    private final Map<String, CudaModule> modules = new HashMap<>();
    private boolean isClosed;

    private CudaLauncher(CudaContext context, int stagingBytes) {
        this.context = context;
        pool = new MemoryPool(context);
        staging = new Staging(context, stagingBytes);
        arguments = new LaunchArguments(context.enter());
    }

    /**
     * Opens the first CUDA device. Throws {@link CudaUnavailableException} where there is none that can be used.
     *
     * @param libraries driver libraries to load first, where the loader would not find them; usually none
     */
    public static CudaLauncher open(List<Path> libraries) {
        return open(libraries, STAGING_BYTES);
    }

    static CudaLauncher open(List<Path> libraries, int stagingBytes) {
        CudaContext context = CudaContext.open(libraries);
        try {
            return new CudaLauncher(context, stagingBytes);
        } catch (CudaException e) {
            context.close();
            throw CudaContext.unavailable(e);
        }
    }

    /** A launch of {@code function} of the PTX file {@code file} (its name without folder and ending). */
    public Launch launch(String file, String function) {
        CudaDriver driver = context.enter();
        CudaModule module = modules.get(file);
        if (module == null) {
            module = CudaModule.load(file, driver, context.properties());
            modules.put(file, module);
        }
        return new Launch(this, module.function(function, driver));
    }

    /** Memory for that many floats, 256-byte aligned, with arbitrary contents. Close it after its last launch. */
    public Scratch scratch(int floats) {
        context.enter();
        return new Scratch(pool, pool.take(Shape.of(floats)));
    }

    /** A small table for kernels, such as offsets or weights: at most 4096 words, copied to the device in stream order. */
    public Scratch table(int... values) {
        return table(values.length, (to, from, count) -> to.asIntBuffer().put(values, from, count));
    }

    /** As {@link #table(int...)}. */
    public Scratch table(float... values) {
        return table(values.length, (to, from, count) -> to.asFloatBuffer().put(values, from, count));
    }

    private Scratch table(int words, Staging.Source source) {
        if (words > MOST_TABLE_WORDS) {
            throw new IllegalArgumentException("a table has at most " + MOST_TABLE_WORDS + " words, got " + words);
        }
        context.enter();
        DeviceBlock block = pool.take(Shape.of(words));
        staging.upload(block.pointer(), words, source);
        return new Scratch(pool, block);
    }

    /** Memory for a tensor, with arbitrary contents. Throws {@link OutOfDeviceMemoryException}. */
    public CudaStorage allocate(Shape shape) {
        context.enter();
        return new CudaStorage(this, shape);
    }

    /** Copies all values to the device; the array may be changed as soon as this returns. */
    public void write(Storage target, float[] values) {
        requireSize(target, values.length);
        CudaStorage storage = own(target);
        storage.touch();
        staging.upload(
                storage.pointer(),
                values.length,
                (to, from, count) -> to.asFloatBuffer().put(values, from, count));
    }

    /** Copies all values from the device, after everything that was started before. */
    public void read(Storage source, float[] values) {
        requireSize(source, values.length);
        staging.download(own(source).pointer(), values.length, (from, at) -> from.get(values, at, from.remaining()));
    }

    /** As {@link #read(Storage, float[])}, widened. */
    public void read(Storage source, double[] values) {
        requireSize(source, values.length);
        staging.download(own(source).pointer(), values.length, (from, at) -> {
            for (int i = 0; i < from.remaining(); i++) {
                values[at + i] = from.get(i);
            }
        });
    }

    /** Sets every element. */
    public void fill(Storage target, float value) {
        CudaStorage storage = own(target);
        storage.touch();
        if (storage.size() > 0) {
            context.enter()
                    .memsetD32Async(
                            storage.pointer(), Float.floatToRawIntBits(value), storage.size(), context.stream());
        }
    }

    /** {@code target ← source}, of equal size. */
    public void copy(Storage target, Storage source) {
        requireSize(target, source.size());
        CudaStorage to = own(target);
        to.touch();
        if (to.size() > 0) {
            context.enter()
                    .memcpyDtoDAsync(
                            to.pointer(), own(source).pointer(), (long) Float.BYTES * to.size(), context.stream());
        }
    }

    /** Sets every element. */
    public void fill(Tensor target, float value) {
        fill(target.storage(), value);
    }

    /** {@code target ← source}, of equal size. */
    public void copy(Tensor target, Tensor source) {
        copy(target.storage(), source.storage());
    }

    /** Waits until everything that was started has ended: for timing, never needed for a result. */
    public void synchronize() {
        context.synchronize();
    }

    public DeviceProperties device() {
        return context.properties();
    }

    /** What a PTX file is compiled for, such as {@code compute_80, version 7.0}. */
    public String target(String file) {
        return CudaModule.target(file);
    }

    /** The stream that everything runs on, for cuBLAS. */
    public CUstream stream() {
        return context.stream();
    }

    /** Bytes of the device that nobody uses. */
    public long freeBytes() {
        return context.enter().memGetInfo()[0];
    }

    /** Largest number of bytes in use at one time. */
    public long peakBytes() {
        return pool.peakBytes();
    }

    /** Number of blocks that the driver had to allocate so far: constant once what is computed repeats. */
    public long freshBlocks() {
        return pool.freshBlocks();
    }

    /** Gives all back to the driver, tensors included. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (!context.isLost()) {
            CudaDriver driver = context.enter();
            pool.close();
            staging.free(driver);
            arguments.free(driver);
            modules.values().forEach(module -> module.unload(driver));
        }
        context.close();
    }

    CudaContext context() {
        return context;
    }

    MemoryPool pool() {
        return pool;
    }

    LaunchArguments arguments() {
        return arguments;
    }

    /** The storage as one of this device; refuses one that is not, or no longer. */
    CudaStorage own(Storage storage) {
        storage.requireLive();
        if (storage instanceof CudaStorage cudaStorage && cudaStorage.isOf(this)) {
            return cudaStorage;
        }
        throw new InvalidInputException("a storage of " + storage.size() + " elements is on another backend; read its "
                + "values and write them to a tensor of this one");
    }

    private static void requireSize(Storage storage, int size) {
        if (storage.size() != size) {
            throw new IllegalArgumentException(
                    "a storage of " + storage.size() + " elements takes as many values, got " + size);
        }
    }
}
