package org.blockrecurrent.kernels.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.ReleasedTensorException;
import org.blockrecurrent.tensor.Shape;
import org.blockrecurrent.tensor.Tensor;

/**
 * One launch of a kernel: grid, block, then the arguments in the kernel's order, then {@link #run}.
 *
 * <pre>{@code
 * cuda.launch("layer_norm", "layer_norm_forward").grid(rows).block(256)
 *     .output(y).output(mean).output(rstd).tensor(x).tensor(weight).tensor(bias).i32(rows).i32(d).f32(eps)
 *     .run();
 * }</pre>
 *
 * <p>The arguments are held against the kernel's parameters in its PTX. An error of the kernel itself is reported by
 * whatever call of the driver comes next, together with the last launches; see {@link CudaContext#SYNC}.
 */
public final class Launch {
    private static final long MOST_BLOCKS_X = Integer.MAX_VALUE;
    private static final long MOST_BLOCKS_YZ = 65535;
    private static final long MOST_THREADS = 1024;

    private final CudaLauncher cuda;
    private final CudaFunction function;
    private final long[] grid = {0, 0, 0};
    private final int[] block = {0, 0, 1};
    private final long[] arguments;
    private final List<Shape> shapes = new ArrayList<>(8);
    private int sharedBytes;
    private int count;

    Launch(CudaLauncher cuda, CudaFunction function) {
        this.cuda = cuda;
        this.function = function;
        arguments = new long[function.signature().types().size()];
    }

    /** Number of blocks; a launch with an extent of 0 does nothing. At most 2³¹ − 1. */
    public Launch grid(long x) {
        return grid(x, 1, 1);
    }

    /** Number of blocks; y at most 65535. */
    public Launch grid(long x, long y) {
        return grid(x, y, 1);
    }

    /** Number of blocks; y and z at most 65535. */
    public Launch grid(long x, long y, long z) {
        grid[0] = x;
        grid[1] = y;
        grid[2] = z;
        return this;
    }

    /** Threads of a block, at most 1024. */
    public Launch block(int x) {
        return block(x, 1);
    }

    /** Threads of a block, at most 1024 together. */
    public Launch block(int x, int y) {
        block[0] = x;
        block[1] = y;
        return this;
    }

    /** Bytes of dynamic shared memory; without this call none. */
    public Launch shared(int bytes) {
        sharedBytes = bytes;
        return this;
    }

    /** The address of a tensor that the kernel only reads; 0 for null. */
    public Launch tensor(Tensor input) {
        return pointer(input == null ? 0 : storage(input).address());
    }

    /** The address of a tensor that the kernel writes, which counts as a new version of it; 0 for null. */
    public Launch output(Tensor output) {
        if (output == null) {
            return pointer(0);
        }
        CudaStorage storage = storage(output);
        storage.touch();
        return pointer(storage.address());
    }

    /** The address of scratch memory; 0 for null. */
    public Launch scratch(Scratch scratch) {
        return pointer(scratch == null ? 0 : scratch.address());
    }

    public Launch i32(int value) {
        function.signature().require(count, false, Integer.SIZE);
        return argument(value);
    }

    public Launch i64(long value) {
        function.signature().require(count, false, Long.SIZE);
        return argument(value);
    }

    public Launch f32(float value) {
        function.signature().require(count, true, Float.SIZE);
        return argument(Float.floatToRawIntBits(value));
    }

    /** Hands the launch to the stream and returns at once. */
    public void run() {
        function.signature().requireCount(count);
        if (grid[0] == 0 || grid[1] == 0 || grid[2] == 0) {
            return;
        }
        requireLimits();
        CudaContext context = cuda.context();
        CudaDriver driver = context.enter();
        function.allowShared(sharedBytes, driver);
        context.recent().add(this);
        int result = driver.launchKernel(
                function.handle(),
                new int[] {(int) grid[0], (int) grid[1], (int) grid[2]},
                block,
                sharedBytes,
                context.stream(),
                cuda.arguments().of(arguments, count));
        if (result != 0) {
            throw driver.failure("the launch of " + this, result);
        }
        if (context.isSynchronous()) {
            driver.streamSynchronize(context.stream(), "the kernel " + this);
        }
    }

    private Launch pointer(long address) {
        function.signature().require(count, false, Long.SIZE);
        return argument(address);
    }

    private Launch argument(long value) {
        arguments[count++] = value;
        return this;
    }

    /** Where the tensor's values are; refuses one that is not, or no longer, on this device. */
    private CudaStorage storage(Tensor tensor) {
        shapes.add(tensor.shape());
        if (tensor.isReleased()) {
            throw new ReleasedTensorException(name() + ": tensor " + tensor.shape() + " was released: its scope has "
                    + "closed or backpropagation has consumed it; call keep(tensor) on the scope to let it live on");
        }
        if (tensor.storage() instanceof CudaStorage storage && storage.isOf(cuda)) {
            return storage;
        }
        throw new InvalidInputException(name() + ": tensor " + tensor.shape() + " is on another backend ("
                + tensor.backend().name() + "); read its values and write them to a tensor of this one");
    }

    private void requireLimits() {
        long threads = (long) block[0] * block[1];
        if (block[0] < 1 || block[1] < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException(this + ": a block has 1 to " + MOST_THREADS + " threads");
        }
        if (grid[0] < 0 || grid[1] < 0 || grid[2] < 0) {
            throw new IllegalArgumentException(this + ": a grid has no negative extent");
        }
        if (grid[0] > MOST_BLOCKS_X || grid[1] > MOST_BLOCKS_YZ || grid[2] > MOST_BLOCKS_YZ) {
            throw new LaunchLimitException(this + ": more blocks than a grid can have (" + MOST_BLOCKS_X + ", "
                    + MOST_BLOCKS_YZ + ", " + MOST_BLOCKS_YZ + "): split the batch");
        }
        int most = cuda.device().sharedBytesPerBlock();
        if (sharedBytes < 0 || sharedBytes > most) {
            throw new LaunchLimitException(this + ": needs " + sharedBytes + " bytes of shared memory for a block, "
                    + "this device has " + most);
        }
    }

    private String name() {
        return function.signature().function();
    }

    /** Kernel, extents, and the shapes of its tensors. */
    @Override
    public String toString() {
        return name() + ", grid (" + grid[0] + ", " + grid[1] + ", " + grid[2] + "), block (" + block[0] + ", "
                + block[1] + "), tensors "
                + shapes.stream().map(Shape::toString).collect(Collectors.joining(", "));
    }
}
