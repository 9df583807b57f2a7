package org.blockrecurrent.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/**
 * What a command is given of the world.
 *
 * @param out for results and progress
 * @param err for warnings and errors
 * @param stop whether the run has been asked to stop
 * @param isTerminal whether {@code out} may have control characters
 */
record Session(PrintWriter out, PrintWriter err, StopRequest stop, boolean isTerminal) {

    /** Of this process: its streams, its signals. */
    static Session ofProcess() {
        PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, Charset.defaultCharset()), true);
        PrintWriter out = new PrintWriter(new OutputStreamWriter(System.out, Charset.defaultCharset()), true);
        return new Session(out, err, StopRequest.bySignals(err), Terminal.isInteractive());
    }

    void say(String format, Object... arguments) {
        out.println(arguments.length == 0 ? format : String.format(java.util.Locale.ROOT, format, arguments));
        out.flush();
    }
}
