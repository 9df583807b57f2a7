package org.blockrecurrent.tensor.backend.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.blockrecurrent.tensor.Shape;

/** A JVM with options of its own that opens a backend, computes a product and tells about itself. */
final class ChildJvm {
    private static final int PATIENCE_SECONDS = 120;

    private ChildJvm() {}

    /** Arguments: the number of threads (0: as many as there are processors), and {@code scalar} or {@code vectors}. */
    public static void main(String[] args) {
        int threads = Integer.parseInt(args[0]);
        boolean scalar = args[1].equals("scalar");
        try (VectorBackend backend = threads == 0 ? VectorBackend.open() : VectorBackend.open(threads, scalar)) {
            System.out.println(backend.description());
            backend.diagnostics().lines().forEach(System.out::println);
            System.out.println("sum: " + backend.zeros(Shape.of(70_001)).sum().item());
        }
    }

    /** Everything it prints, warnings included. */
    static String output(List<String> options, int threads, String lanes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "--add-modules=jdk.incubator.vector"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), ChildJvm.class.getName(), Integer.toString(threads), lanes));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            assertThat(output).contains("sum: 0.0");
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /** Surefire hides the class path in the manifest of a jar and tells it here. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
