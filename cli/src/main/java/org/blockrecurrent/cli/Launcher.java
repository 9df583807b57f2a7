package org.blockrecurrent.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Starts a main class on a JVM that has what the engine needs to be fast: the vector module and the G1 collector. On one
 * that was started without them ({@code java -cp … org.blockrecurrent.cli.TrainRaptor}, an IDE) the same main class is
 * started once more in a JVM of its own with the missing options. {@code bin/raptor} gives them itself. Where even that
 * does not help, the backend says so when it is opened.
 */
final class Launcher {
    /** Set in the second JVM, so that there is never a third. */
    static final String RELAUNCHED = "raptor.relaunched";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    /**
     * What of a JVM the decision depends on.
     *
     * @param options the options it was started with
     */
    record Jvm(boolean hasVectors, boolean hasG1, boolean isRelaunched, List<String> options) {
        static Jvm current() {
            return new Jvm(
                    canLoadVectors(),
                    ManagementFactory.getGarbageCollectorMXBeans().stream().anyMatch(Launcher::isG1),
                    System.getProperty(RELAUNCHED) != null,
                    ManagementFactory.getRuntimeMXBean().getInputArguments());
        }

        /** The options to start again with; empty if this JVM will do, or must. */
        List<String> missingOptions() {
            boolean isDebugged = options.stream().anyMatch(option -> option.contains("jdwp"));
            if (isRelaunched || isDebugged) {
                return List.of();
            }
            List<String> missing = new ArrayList<>();
            if (!hasVectors) {
                missing.add("--add-modules=" + VECTOR_MODULE);
            }
            // A collector that somebody chose stays.
            if (!hasG1 && options.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
                missing.add("-XX:+UseG1GC");
            }
            return missing;
        }
    }

    private Launcher() {}

    /** Runs the body here or all of the main class in another JVM, and ends this one with the exit code. */
    static void run(Class<?> main, String[] args, IntSupplier body) {
        List<String> missing = Jvm.current().missingOptions();
        System.exit(missing.isEmpty() ? body.getAsInt() : relaunch(main, args, missing));
    }

    /** The command line of the second JVM. */
    static List<String> command(Class<?> main, String[] args, List<String> missing, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        command.addAll(options);
        command.addAll(missing);
        command.add("-D" + RELAUNCHED + "=true");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(args));
        return command;
    }

    private static int relaunch(Class<?> main, String[] args, List<String> missing) {
        List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
        try {
            Process child = new ProcessBuilder(command(main, args, missing, options))
                    .inheritIO()
                    .start();
            forwardSignals(child);
            return child.waitFor();
        } catch (IOException e) {
            System.err.println("raptor: cannot start java again with " + String.join(" ", missing) + ": "
                    + e.getMessage() + "; start it with these options yourself, or use bin/raptor");
            return Failures.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Failures.FAILED;
        }
    }

    /** Ctrl-C on a terminal reaches both processes; elsewhere only this one is told and must pass it on. */
    private static void forwardSignals(Process child) {
        Signals.handle("TERM", child::destroy);
        Signals.handle("INT", () -> {
            if (!Terminal.isInteractive()) {
                interrupt(child);
            }
        });
    }

    private static void interrupt(Process child) {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start();
        } catch (IOException e) {
            child.destroy();
        }
    }

    private static boolean isG1(GarbageCollectorMXBean collector) {
        return collector.getName().startsWith("G1");
    }

    /** The module is in this JVM, or can be added to it: see {@code bin/raptor}. No vector class is touched here. */
    private static boolean canLoadVectors() {
        if (ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()) {
            return true;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, VECTOR_MODULE);
            return true;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return false;
        }
    }
}
