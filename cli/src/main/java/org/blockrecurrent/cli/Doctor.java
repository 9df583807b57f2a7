package org.blockrecurrent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.BackendProvider;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.backend.vector.VectorDiagnostics;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.TrainingMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code raptor doctor}: what of this machine the product can use, and how to get more. Also a main class. */
@Command(
        name = "doctor",
        description = {
            "Shows what of this machine the product can use, and names a remedy for every problem.",
            "",
            "Exit code 1 if something keeps the product from running well; a missing GPU does not."
        },
        footer = {
            "",
            "Examples:",
            "  raptor doctor",
            "  raptor doctor --data fashion-mnist:/data/fashion",
            "  raptor doctor --train-size base --batch 8"
        })
public final class Doctor implements Callable<Integer> {
    private static final long SMALL_HEAP_BYTES = 1L << 30;

    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private MemoryForecast memory;

    private final Session session;
    private int problems;

    Doctor(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Doctor.class, "doctor", args);
    }

    @Override
    public Integer call() {
        try (VectorBackend backend = VectorBackend.open(run.threads())) {
            Environment environment = Environment.of(backend.description());
            showMachine(environment);
            showVectors(backend.diagnostics());
        }
        showCuda();
        memory.sizes().forEach(this::showMemory);
        showData();
        showFolder(Path.of("").toAbsolutePath());
        session.say(problems == 0 ? "all is well" : problems + (problems == 1 ? " problem" : " problems"));
        return problems == 0 ? 0 : Failures.FAILED;
    }

    private void showMachine(Environment environment) {
        line("product", "Raptor for Java " + environment.version());
        line("java", environment.java());
        line("system", environment.os());
        line("processor", environment.cpu() + ", " + environment.processors() + " processors for this JVM");
        line(
                "memory",
                (environment.memoryBytes() == 0 ? "" : mebibytes(environment.memoryBytes()) + " in the machine, ")
                        + mebibytes(environment.maxHeapBytes()) + " for the heap");
        if (environment.maxHeapBytes() < SMALL_HEAP_BYTES) {
            problem("the heap is small for training", "give it more: RAPTOR_JAVA_OPTS=-Xmx2g bin/raptor …");
        }
        line("collector", environment.collectors());
    }

    private void showVectors(VectorDiagnostics diagnostics) {
        diagnostics.lines().forEach(text -> line("vectors", text));
        if (!diagnostics.collectorCost().isEmpty()) {
            problem("the garbage collector slows the kernels", diagnostics.collectorCost());
        }
        if (diagnostics.isSlow()) {
            problem("the JVM has left the vector kernels uncompiled", "start again; if it stays, use a newer JDK");
        } else if (!diagnostics.isVectorised()) {
            problem(
                    "no vector instructions: computing is many times slower",
                    "start with bin/raptor, or java --add-modules jdk.incubator.vector");
        }
    }

    /** A GPU that cannot be used is no problem: the product computes on the CPU. One that can, and then fails, is. */
    private void showCuda() {
        Optional<BackendProvider> cuda = Devices.provider("cuda");
        if (cuda.isEmpty()) {
            line("cuda", "its module is not installed");
            return;
        }
        String reason = cuda.get().unavailableBecause();
        if (reason != null) {
            line("cuda", reason);
            return;
        }
        line("cuda", "can be used: --device cuda");
        try {
            cuda.get().diagnose(run.backendOptions()).forEach(text -> line("cuda", text));
        } catch (RuntimeException e) {
            problem("the CUDA device cannot be measured", String.valueOf(e.getMessage()));
        }
    }

    /** A training that nobody asked for need not fit. */
    private void showMemory(String size) {
        long heap = Runtime.getRuntime().maxMemory();
        long wanted = 0;
        line("training", memory.title(size) + ": a step takes on the CPU, as predicted,");
        for (MemoryForecast.Forecast forecast : memory.forecasts(size)) {
            boolean fits = TrainingMemory.heapBytes(forecast.bytes()) <= heap;
            boolean fitsRecomputing = TrainingMemory.heapBytes(forecast.recomputingBytes()) <= heap;
            String verdict = fits || fitsRecomputing ? "fits into the heap" : "does not fit into the heap";
            line(
                    "training",
                    "  " + forecast.text() + ": " + verdict + (fits == fitsRecomputing ? "" : " with --recompute"));
            wanted = Math.max(wanted, TrainingMemory.heapBytes(forecast.recomputingBytes()));
        }
        if (memory.isAsked() && wanted > heap) {
            int batch = memory.largestBatch(size, heap);
            problem(
                    "training of size " + size + " does not fit into a heap of " + mebibytes(heap),
                    (batch == 0 ? "" : "take --batch " + batch + " or less with --recompute, or ") + "give the JVM "
                            + MemoryForecast.mebibytes(wanted) + ": RAPTOR_JAVA_OPTS=-Xmx" + ((wanted >> 20) + 1)
                            + "m bin/raptor …");
        }
    }

    private void showData() {
        try {
            DataSet images = data.open();
            line(
                    "data",
                    data.name + ": " + images.train().count() + " training and "
                            + images.test().count()
                            + " test images of " + images.train().height() + " x "
                            + images.train().width() + ", "
                            + images.train().classes() + " classes");
        } catch (InvalidInputException e) {
            problem("data " + data.name, e.getMessage());
        }
    }

    private void showFolder(Path folder) {
        line("results", "go to " + folder.resolve("runs") + " unless --out says otherwise");
        if (!Files.isWritable(folder)) {
            problem("the current folder is read-only", "start elsewhere, or choose a folder with --out");
        }
    }

    private void line(String name, String text) {
        session.say(String.format("%-10s", name) + " " + text);
    }

    private void problem(String what, String remedy) {
        problems++;
        line("PROBLEM", what + ": " + remedy);
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
