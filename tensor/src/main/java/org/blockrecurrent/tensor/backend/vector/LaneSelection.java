package org.blockrecurrent.tensor.backend.vector;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Which {@link Lanes} a backend computes with, and why.
 *
 * @param reason why it is not vectors; empty if it is
 */
record LaneSelection(Lanes lanes, String reason) {
    private static final Logger LOG = System.getLogger(LaneSelection.class.getName());
    private static final String MODULE = "jdk.incubator.vector";
    private static final String SLOW = "the JVM has not compiled the vector kernels";

    /** Vectors if {@code jdk.incubator.vector} can be had, else plain loops and one warning that says what to do. */
    static LaneSelection choose(boolean scalarForced) {
        if (scalarForced) {
            return new LaneSelection(new ScalarLanes(), "plain loops were asked for");
        }
        try {
            loadModuleIfAbsent();
            return of(SimdTileChoice.ofThisProcess().check());
        } catch (ReflectiveOperationException | LinkageError | RuntimeException cause) {
            String reason = "the module " + MODULE + " is not there (" + cause + ")";
            LOG.log(
                    Level.WARNING,
                    "Computing without vector instructions, many times slower: " + reason
                            + ". Start java with --add-modules " + MODULE
                            + ", or use bin/raptor, which does; bin/raptor doctor tells more.");
            return new LaneSelection(new ScalarLanes(), reason);
        }
    }

    /** Plain loops where the JIT compiler has left the vector kernels slow for this process: they are then the faster ones. */
    static LaneSelection of(KernelCheck check) {
        return check.isSlow() ? new LaneSelection(new ScalarLanes(), SLOW) : new LaneSelection(new SimdLanes(), "");
    }

    boolean isVectorised() {
        return reason.isEmpty();
    }

    /** True if there are vectors, but the JVM has left them slow. */
    boolean isSlow() {
        return reason.equals(SLOW);
    }

    /**
     * The module can be added to a running JVM by an internal method that the JDK opens only where it is told to, by {@code
     * --add-exports java.base/jdk.internal.module=ALL-UNNAMED} or by {@code Add-Exports} in the manifest of the jar that is
     * started. Vectors then are as fast as with the option. A later JDK may take the method away: then this fails, and
     * {@link #choose} says so.
     */
    private static void loadModuleIfAbsent() throws ReflectiveOperationException {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, MODULE);
        }
    }
}
