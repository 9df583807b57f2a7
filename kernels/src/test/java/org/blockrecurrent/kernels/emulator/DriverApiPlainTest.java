package org.blockrecurrent.kernels.emulator;

import static jcuda.driver.JCudaDriver.cuCtxGetDevice;
import static jcuda.driver.JCudaDriver.cuDeviceGetAttribute;
import static jcuda.driver.JCudaDriver.cuDeviceGetCount;
import static jcuda.driver.JCudaDriver.cuDriverGetVersion;
import static jcuda.driver.JCudaDriver.cuEventCreate;
import static jcuda.driver.JCudaDriver.cuEventElapsedTime;
import static jcuda.driver.JCudaDriver.cuEventQuery;
import static jcuda.driver.JCudaDriver.cuEventRecord;
import static jcuda.driver.JCudaDriver.cuEventSynchronize;
import static jcuda.driver.JCudaDriver.cuFuncGetAttribute;
import static jcuda.driver.JCudaDriver.cuFuncSetAttribute;
import static jcuda.driver.JCudaDriver.cuGetErrorString;
import static jcuda.driver.JCudaDriver.cuGraphInstantiate;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;
import static jcuda.driver.JCudaDriver.cuMemAdvise;
import static jcuda.driver.JCudaDriver.cuMemGetInfo;
import static jcuda.driver.JCudaDriver.cuMemsetD32Async;
import static jcuda.driver.JCudaDriver.cuModuleLoadData;
import static jcuda.driver.JCudaDriver.cuOccupancyMaxActiveBlocksPerMultiprocessor;
import static jcuda.driver.JCudaDriver.cuStreamBeginCapture;
import static jcuda.driver.JCudaDriver.cuStreamCreate;
import static jcuda.driver.JCudaDriver.cuStreamEndCapture;
import static jcuda.driver.JCudaDriver.cuStreamSynchronize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.blockrecurrent.kernels.emulator.RawCuda.check;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver API around the kernels: streams, events, graphs, modules, functions, and what tests can make go wrong. */
class DriverApiPlainTest {
    private static final int N = 256;

    private EmulatedDevice device;
    private RawCuda cuda;

    @BeforeEach
    void open() {
        device = EmulatedDevice.plain();
        device.reset();
        device.configure("quiet=on");
        device.loadKernels("planted");
        cuda = new RawCuda(device);
    }

    @AfterEach
    void close() {
        cuda.close();
        device.reset();
    }

    private static CUstream newStream() {
        CUstream stream = new CUstream();
        check(cuStreamCreate(stream, 0));
        return stream;
    }

    // ---- streams, events, graphs

    @Test
    void deferred_work_is_done_when_it_is_waited_for() {
        device.configure("deferred=on");
        CUstream stream = newStream();
        CUevent start = new CUevent();
        CUevent end = new CUevent();
        check(cuEventCreate(start, 0));
        check(cuEventCreate(end, 0));
        var x = cuda.upload(new float[N]);
        check(cuEventRecord(start, stream));
        cuda.launch(stream, "fill", 1, N, 0, x, 5f, N, 0);
        check(cuEventRecord(end, stream));
        assertThat(cuEventQuery(end)).isEqualTo(CUresult.CUDA_ERROR_NOT_READY);
        check(cuEventSynchronize(end));
        assertThat(cuEventQuery(end)).isEqualTo(CUresult.CUDA_SUCCESS);
        float[] milliseconds = {-1};
        check(cuEventElapsedTime(milliseconds, start, end));
        assertThat(milliseconds[0]).isGreaterThanOrEqualTo(0);
        assertThat(cuda.download(x, N)).containsOnly(5f);
    }

    @Test
    void a_captured_stream_does_nothing_until_its_graph_is_launched() {
        var x = cuda.upload(new float[N]);
        CUstream stream = newStream();
        check(cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        check(cuMemsetD32Async(x, Float.floatToRawIntBits(2f), N, stream));
        cuda.launch(stream, "accumulate", 1, N, 0, x, x);
        CUgraph graph = new CUgraph();
        check(cuStreamEndCapture(stream, graph));
        CUgraphExec executable = new CUgraphExec();
        check(cuGraphInstantiate(executable, graph, 0L));
        assertThat(cuda.download(x, N)).containsOnly(0f);
        for (int launch = 0; launch < 2; launch++) {
            check(cuGraphLaunch(executable, stream));
            check(cuStreamSynchronize(stream));
            assertThat(cuda.download(x, N)).containsOnly(4f);
        }
    }

    @Test
    void waiting_or_allocating_ends_a_capture() {
        CUstream stream = newStream();
        check(cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        assertThat(cuStreamSynchronize(stream)).isEqualTo(CUresult.CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED);
        assertThat(cuStreamEndCapture(stream, new CUgraph())).isEqualTo(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
        check(cuStreamBeginCapture(stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
        assertThatThrownBy(() -> cuda.allocate(1)).hasMessage("CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
        assertThat(cuStreamEndCapture(stream, new CUgraph())).isEqualTo(CUresult.CUDA_ERROR_STREAM_CAPTURE_INVALIDATED);
    }

    // ---- modules and functions

    private int load(String image) {
        return cuModuleLoadData(new CUmodule(), (image + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void an_image_must_be_of_a_version_and_for_a_device_that_the_driver_knows() {
        assertThat(load("#!/bin/sh")).isEqualTo(CUresult.CUDA_ERROR_INVALID_IMAGE);
        assertThat(load(".version 9.0\n.target sm_80\n")).isEqualTo(CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
        assertThat(device.report()).contains("the image is no PTX");
        device.configure("driver=13000");
        assertThat(load(".version 9.0\n.target sm_80\n")).isEqualTo(CUresult.CUDA_SUCCESS);
        device.configure("capability=80");
        assertThat(load(".version 8.0\n.target sm_90\n")).isEqualTo(CUresult.CUDA_ERROR_INVALID_PTX);
        assertThat(load(".version 8.0\n.target sm_90a\n")).isEqualTo(CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU);
    }

    @Test
    void an_image_must_declare_the_parameters_that_the_source_has() {
        String image = new String(device.image("accumulate"), StandardCharsets.US_ASCII).replace("[8])", "[4])");
        CUmodule module = new CUmodule();
        check(cuModuleLoadData(module, image.getBytes(StandardCharsets.US_ASCII)));
        assertThat(jcuda.driver.JCudaDriver.cuModuleGetFunction(new CUfunction(), module, "accumulate"))
                .isEqualTo(CUresult.CUDA_ERROR_INVALID_IMAGE);
        assertThat(device.report()).contains("entry accumulate of the PTX image has other parameters");
        assertThat(jcuda.driver.JCudaDriver.cuModuleGetFunction(new CUfunction(), module, "nothing"))
                .isEqualTo(CUresult.CUDA_ERROR_NOT_FOUND);
    }

    @Test
    void a_function_takes_more_dynamic_shared_memory_once_it_was_told_so() {
        CUfunction function = cuda.function("clean_reverse");
        int attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        int[] value = new int[1];
        check(cuFuncGetAttribute(value, attribute, function));
        assertThat(value[0]).isEqualTo(48 << 10);
        check(cuFuncSetAttribute(function, attribute, 200_000));
        check(cuFuncGetAttribute(value, attribute, function));
        assertThat(value[0]).isEqualTo(200_000);
        assertThat(cuFuncSetAttribute(function, attribute, 300_000)).isEqualTo(CUresult.CUDA_ERROR_INVALID_VALUE);
        int[] blocks = new int[1];
        check(cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, function, 256, 50_000));
        assertThat(blocks[0]).isEqualTo(4);
    }

    // ---- what tests choose

    @Test
    void the_device_is_what_the_settings_say() {
        device.configure("memory=64m capability=86 driver=11040 devices=0");
        long[] free = new long[1];
        long[] total = new long[1];
        var x = cuda.allocate(1 << 18);
        check(cuMemGetInfo(free, total));
        assertThat(total[0]).isEqualTo(64L << 20);
        assertThat(free[0]).isEqualTo(63L << 20);
        cuda.free(x);
        int[] value = new int[1];
        check(cuDriverGetVersion(value));
        assertThat(value[0]).isEqualTo(11040);
        check(cuDeviceGetCount(value));
        assertThat(value[0]).isZero();
        int minor = CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
        check(cuDeviceGetAttribute(value, minor, new CUdevice()));
        assertThat(value[0]).isEqualTo(6);
    }

    @Test
    void a_setting_that_does_not_exist_is_named() {
        assertThatThrownBy(() -> device.configure("speed=11")).hasMessageContaining("no setting \"speed=11\"");
    }

    @Test
    void a_call_fails_when_a_test_says_so_and_only_then() {
        device.failCall("cuMemAlloc_v2", 2, CUresult.CUDA_ERROR_OUT_OF_MEMORY);
        cuda.allocate(1);
        assertThatThrownBy(() -> cuda.allocate(1)).hasMessage("CUDA_ERROR_OUT_OF_MEMORY");
        cuda.allocate(1);
    }

    @Test
    void a_lost_context_refuses_everything_until_the_device_is_reset() {
        device.loseContexts(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE);
        assertThat(cuCtxGetDevice(new CUdevice())).isEqualTo(CUresult.CUDA_ERROR_ECC_UNCORRECTABLE);
        assertThatThrownBy(() -> cuda.allocate(1)).hasMessage("CUDA_ERROR_ECC_UNCORRECTABLE");
        device.reset();
        cuda = new RawCuda(device);
        cuda.allocate(1);
    }

    // ---- faults

    @Test
    void a_fault_ends_the_context_but_neither_the_next_one_nor_the_JVM() {
        assertThatThrownBy(() -> cuda.launch("fill", 1, 32, 0, 0x1000L, 1f, 32, 0))
                .hasMessage("CUDA_ERROR_ILLEGAL_ADDRESS");
        assertThatThrownBy(() -> cuda.allocate(1)).hasMessage("CUDA_ERROR_ILLEGAL_ADDRESS");
        String[] text = new String[1];
        check(cuGetErrorString(CUresult.CUDA_ERROR_ILLEGAL_ADDRESS, text));
        assertThat(text[0]).startsWith("an illegal memory access was encountered: kernel fill, block (0,0,0), thread");
        assertThat(nullPointerExceptions()).isEqualTo(2000);
        cuda.close();
        cuda = new RawCuda(device);
        var x = cuda.allocate(32);
        cuda.launch("fill", 1, 32, 0, x, 1f, 32, 0);
        assertThat(cuda.download(x, 32)).containsOnly(1f);
    }

    /** The JVM finds null pointers by the signal that kernels' faults raise, too. */
    private static int nullPointerExceptions() {
        int caught = 0;
        for (int i = 0; i < 200_000; i++) {
            String text = i % 100 == 99 ? null : "x";
            try {
                text.length();
            } catch (NullPointerException e) {
                caught++;
            }
        }
        return caught;
    }

    @Test
    void a_function_that_is_not_emulated_says_so() {
        var x = cuda.allocate(1);
        assertThat(cuMemAdvise(x, 4, 1, new CUdevice())).isEqualTo(CUresult.CUDA_ERROR_NOT_SUPPORTED);
        assertThat(device.report()).isEqualTo("cuMemAdvise is not emulated");
    }
}
