package org.blockrecurrent.kernels.driver;

import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCompile;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerCreate;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerDestroy;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetErrorLogSize;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLog;
import static jcuda.nvptxcompiler.JNvPTXCompiler.nvPTXCompilerGetInfoLogSize;
import static jcuda.nvptxcompiler.nvPTXCompileResult.NVPTXCOMPILE_SUCCESS;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** NVIDIA's PTX assembler, which JCuda brings along: what the driver does with our PTX, but without driver and GPU. */
public final class PtxAssembler {
    private static final Pattern ENTRY = Pattern.compile("Compiling entry function '(\\w+)'");
    private static final Pattern SPILLS = Pattern.compile("(\\d+) bytes spill stores, (\\d+) bytes spill loads");
    private static final Pattern REGISTERS = Pattern.compile("Used (\\d+) registers");
    private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

    /**
     * What the machine code of one kernel takes.
     *
     * @param registers of a thread
     * @param sharedBytes of a block, without dynamic shared memory
     * @param spillBytes stored to and loaded from memory because registers ran out
     */
    public record Resources(int registers, int sharedBytes, int spillBytes) {}

    private PtxAssembler() {}

    /** The kernels of a PTX text, assembled for a compute capability such as 80. Throws if the text does not assemble. */
    public static Map<String, Resources> assemble(String ptx, String capability) {
        NativeLibraries.load(List.of(), JNvPTXCompiler.class.getName());
        JNvPTXCompiler.setExceptionsEnabled(false);
        byte[] text = (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        if (nvPTXCompilerCreate(compiler, text.length - 1, text) != NVPTXCOMPILE_SUCCESS) {
            throw new IllegalStateException("the PTX assembler does not start");
        }
        try {
            String[] options = {"--gpu-name=sm_" + capability, "--verbose"};
            if (nvPTXCompilerCompile(compiler, options.length, options) != NVPTXCOMPILE_SUCCESS) {
                throw new IllegalArgumentException("for sm_" + capability + ": " + errorLog(compiler));
            }
            return parse(infoLog(compiler));
        } finally {
            nvPTXCompilerDestroy(compiler);
        }
    }

    private static Map<String, Resources> parse(String log) {
        Map<String, Resources> kernels = new TreeMap<>();
        String[] sections = log.split("(?=ptxas info\\s+: Compiling entry)");
        for (String section : sections) {
            Matcher entry = ENTRY.matcher(section);
            if (entry.find()) {
                Matcher spills = SPILLS.matcher(section);
                int spilled = 0;
                while (spills.find()) {
                    spilled += Integer.parseInt(spills.group(1)) + Integer.parseInt(spills.group(2));
                }
                kernels.put(entry.group(1), new Resources(first(REGISTERS, section), first(SHARED, section), spilled));
            }
        }
        return kernels;
    }

    private static int first(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }

    private static String infoLog(nvPTXCompilerHandle compiler) {
        long[] size = {0};
        nvPTXCompilerGetInfoLogSize(compiler, size);
        byte[] log = new byte[Math.toIntExact(size[0]) + 1];
        nvPTXCompilerGetInfoLog(compiler, log);
        return new String(log, StandardCharsets.US_ASCII).trim();
    }

    private static String errorLog(nvPTXCompilerHandle compiler) {
        long[] size = {0};
        nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[Math.toIntExact(size[0]) + 1];
        nvPTXCompilerGetErrorLog(compiler, log);
        return new String(log, StandardCharsets.US_ASCII).trim();
    }
}
