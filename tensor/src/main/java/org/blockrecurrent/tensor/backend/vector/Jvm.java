package org.blockrecurrent.tensor.backend.vector;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;

/**
 * What of the JVM's options decides the speed of the kernels.
 *
 * @param collectors the names of its garbage collectors
 * @param stripMinesLoops counted loops are cut into strips with one safepoint poll for each. The serial and the parallel
 *     collector turn that off, and C2 then makes register tiles about a quarter slower (measured on JDK 17 and 25).
 * @param optimizes the second compiler (C2) is there; without it vectors are objects and no kernel is worth waiting for
 */
record Jvm(String collectors, boolean stripMinesLoops, boolean optimizes) {
    private static final Logger LOG = System.getLogger(Jvm.class.getName());
    private static final String C2_TIER = "4";

    /** The running one; what keeps it slow is told when this is first asked for. */
    static Jvm current() {
        return Once.CURRENT;
    }

    private static final class Once {
        static final Jvm CURRENT = warned(read());
    }

    /** What the collector costs and how to mend it; empty if nothing is known against it. */
    String collectorCost() {
        return stripMinesLoops
                ? ""
                : "the garbage collector (" + collectors
                        + ") turns loop strip mining off, which costs the matrix kernels about a quarter of"
                        + " their speed; start java with -XX:+UseG1GC, or keep the collector and add"
                        + " -XX:+UseCountedLoopSafepoints -XX:LoopStripMiningIter=1000";
    }

    private static Jvm warned(Jvm jvm) {
        if (!jvm.stripMinesLoops) {
            LOG.log(Level.WARNING, "Computing slower than need be: " + jvm.collectorCost() + ".");
        }
        return jvm;
    }

    private static Jvm read() {
        String collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
        boolean compiles = ManagementFactory.getCompilationMXBean() != null;
        return new Jvm(
                collectors,
                option("UseCountedLoopSafepoints", "true").equals("true")
                        && !option("LoopStripMiningIter", "").matches("[01]"),
                compiles && option("TieredStopAtLevel", C2_TIER).equals(C2_TIER));
    }

    /** The value of an option of HotSpot; {@code otherwise} on a JVM that has no such option. */
    private static String option(String name, String otherwise) {
        try {
            return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption(name)
                    .getValue();
        } catch (LinkageError | RuntimeException cause) {
            LOG.log(Level.DEBUG, "This JVM does not tell its option " + name, cause);
            return otherwise;
        }
    }
}
