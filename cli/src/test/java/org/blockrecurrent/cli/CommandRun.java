package org.blockrecurrent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command run in this process: its exit code and what it wrote. */
record CommandRun(int exitCode, String out, String err) {

    static CommandRun of(String... args) {
        return stoppingAt("", new StopRequest(), args);
    }

    /** Asks the run to stop, as Ctrl-C does, once it has printed the text; never if the text is empty. */
    static CommandRun stoppingAt(String text, StopRequest stop, String... args) {
        StringWriter out = new StringWriter() {
            @Override
            public void write(String written, int from, int length) {
                super.write(written, from, length);
                if (!text.isEmpty() && toString().contains(text)) {
                    stop.make(StopRequest.INTERRUPTED);
                }
            }
        };
        StringWriter err = new StringWriter();
        Session session = new Session(new PrintWriter(out, true), new PrintWriter(err, true), stop, false);
        int exitCode = Main.execute(session, args);
        return new CommandRun(exitCode, out.toString(), err.toString());
    }

    /** That it failed with one line on the error stream, which has these parts. */
    CommandRun failedWith(int expectedCode, String... parts) {
        assertThat(err).contains(parts);
        assertThat(err.strip().lines().count()).as("lines of: %s", err).isLessThanOrEqualTo(expectedCode == 2 ? 3 : 1);
        assertThat(err).doesNotContain("\tat ", "Exception");
        assertThat(exitCode).isEqualTo(expectedCode);
        return this;
    }

    CommandRun succeeded() {
        assertThat(exitCode).as("exit code; errors: %s", err).isZero();
        return this;
    }
}
