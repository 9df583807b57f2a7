package org.blockrecurrent.cli;

import java.io.PrintWriter;

/**
 * Whether the user has asked the run to stop, by Ctrl-C or SIGTERM. The run looks at it between steps, saves what it has,
 * and ends; a second Ctrl-C ends the process at once.
 */
final class StopRequest {
    /** 128 + SIGINT. */
    static final int INTERRUPTED = 130;
    /** 128 + SIGTERM. */
    static final int TERMINATED = 143;

    private volatile int exitCode;

    /** The run was stopped where there is no checkpoint to name: what was finished before is kept. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("stopped");
        }
    }

    /** Listens to both signals for the life of the process. */
    static StopRequest bySignals(PrintWriter err) {
        StopRequest stop = new StopRequest();
        Signals.handle("INT", () -> {
            if (stop.isMade()) {
                Runtime.getRuntime().halt(INTERRUPTED);
            }
            stop.make(INTERRUPTED);
            err.println();
            err.println("raptor: finishing this step, then saving; Ctrl-C again stops at once");
            err.flush();
        });
        Signals.handle("TERM", () -> stop.make(TERMINATED));
        return stop;
    }

    /** Asks the run to stop and to exit with this code. */
    void make(int code) {
        exitCode = code;
    }

    boolean isMade() {
        return exitCode != 0;
    }

    /** What to exit with, once the request is made. */
    int exitCode() {
        return exitCode;
    }

    /** Throws if the request is made: for loops that have nothing to save. */
    void check() {
        if (isMade()) {
            throw new StoppedException();
        }
    }
}
