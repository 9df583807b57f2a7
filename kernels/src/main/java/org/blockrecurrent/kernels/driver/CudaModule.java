package org.blockrecurrent.kernels.driver;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUmodule;

/** One PTX file, compiled by the driver for the device when its first kernel is launched. */
final class CudaModule {
    private static final String FOLDER = "/org/blockrecurrent/kernels/ptx/";
    private static final Pattern VERSION = Pattern.compile("\\.version\\s+(\\d+\\.\\d+)");
    private static final Pattern TARGET = Pattern.compile("\\.target\\s+sm_(\\w+)");

    private final String name;
    private final CUmodule handle;
    private final Map<String, KernelSignature> signatures;
    private final Map<String, CudaFunction> functions = new HashMap<>();

    private CudaModule(String name, CUmodule handle, Map<String, KernelSignature> signatures) {
        this.name = name;
        this.handle = handle;
        this.signatures = signatures;
    }

    /** Loads {@code NAME.ptx} of this module's resources. */
    static CudaModule load(String name, CudaDriver driver, DeviceProperties device) {
        byte[] ptx = read(name);
        String text = new String(ptx, StandardCharsets.US_ASCII);
        try {
            // The driver wants the text to end in a zero byte.
            CUmodule handle = driver.moduleLoadData(name + ".ptx", Arrays.copyOf(ptx, ptx.length + 1));
            return new CudaModule(name, handle, KernelSignature.of(text));
        } catch (CudaException e) {
            throw explained(e, name, text, device);
        }
    }

    /** What its PTX is compiled for, such as {@code compute_80, version 7.0}. */
    static String target(String name) {
        return target(name, new String(read(name), StandardCharsets.US_ASCII));
    }

    private static String target(String name, String ptx) {
        return "compute_" + first(TARGET, ptx, name) + ", version " + first(VERSION, ptx, name);
    }

    private static String first(Pattern pattern, String ptx, String name) {
        Matcher found = pattern.matcher(ptx);
        if (!found.find()) {
            throw new IllegalStateException(name + ".ptx has no " + pattern);
        }
        return found.group(1);
    }

    private static byte[] read(String name) {
        try (InputStream in = CudaModule.class.getResourceAsStream(FOLDER + name + ".ptx")) {
            if (in == null) {
                throw new IllegalArgumentException("there is no " + FOLDER + name + ".ptx on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException explained(CudaException e, String name, String ptx, DeviceProperties device) {
        return switch (e.code()) {
            case DriverError.UNSUPPORTED_PTX_VERSION ->
                new CudaUnavailableException("the NVIDIA driver (CUDA " + device.cudaVersion() + ") does not know the "
                        + "PTX of " + name + " (" + target(name, ptx) + "): install a newer driver from "
                        + "https://www.nvidia.com/drivers");
            case DriverError.JIT_COMPILER_NOT_FOUND ->
                new CudaUnavailableException("the NVIDIA driver has no PTX compiler (libnvidia-ptxjitcompiler.so.1): "
                        + "install the driver completely, in a container give it the capability compute");
            default -> e;
        };
    }

    CudaFunction function(String function, CudaDriver driver) {
        CudaFunction known = functions.get(function);
        if (known == null) {
            KernelSignature signature = signatures.get(function);
            if (signature == null) {
                throw new IllegalArgumentException(name + ".ptx has no kernel " + function);
            }
            known = new CudaFunction(driver.moduleGetFunction(handle, function), signature);
            functions.put(function, known);
        }
        return known;
    }

    void unload(CudaDriver driver) {
        driver.moduleUnload(handle);
    }
}
