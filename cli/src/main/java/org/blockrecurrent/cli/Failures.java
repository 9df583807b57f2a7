package org.blockrecurrent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.training.TrainingStoppedException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what goes wrong into one line and an exit code. A stack trace is shown with {@code --verbose} alone. */
final class Failures implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    /** The input cannot be used, or the run failed. */
    static final int FAILED = 1;
    /** The command line cannot be understood. */
    static final int MISUSED = 2;

    private final Session session;

    Failures(Session session) {
        this.session = session;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = session.err();
        err.println("raptor: " + misuse(failure, command));
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return MISUSED;
    }

    private static String misuse(ParameterException failure, CommandLine command) {
        boolean noCommand = command.getParent() == null
                && failure instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.isUnknownOption();
        return noCommand
                ? "there is no such command; the commands are "
                        + String.join(", ", command.getSubcommands().keySet())
                : oneLine(failure.getMessage());
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        return report(failure, isVerbose(parsed));
    }

    /** Prints what happened; returns the exit code. */
    int report(Throwable failure, boolean verbose) {
        PrintWriter err = session.err();
        if (verbose) {
            failure.printStackTrace(err);
        }
        if (failure instanceof TrainingStoppedException || failure instanceof StopRequest.StoppedException) {
            err.println("raptor: " + failure.getMessage() + "; run the same command again to go on");
            err.flush();
            return session.stop().isMade() ? session.stop().exitCode() : FAILED;
        }
        err.println("raptor: " + message(failure) + (verbose || isExpected(failure) ? "" : "; --verbose shows where"));
        err.flush();
        return FAILED;
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof InvalidInputException || failure instanceof OutOfMemoryError;
    }

    private static String message(Throwable failure) {
        if (failure instanceof InvalidInputException) {
            return oneLine(failure.getMessage());
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory (" + oneLine(String.valueOf(failure.getMessage())) + ", heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB): lower the batch size, or give more with "
                    + "RAPTOR_JAVA_OPTS=-Xmx4g";
        }
        if (failure instanceof UncheckedIOException || failure instanceof IOException) {
            return "cannot read or write: " + oneLine(String.valueOf(failure.getMessage()));
        }
        return "unexpected " + failure.getClass().getSimpleName() + ": "
                + oneLine(String.valueOf(failure.getMessage()));
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\R", " ");
    }

    private static boolean isVerbose(ParseResult parsed) {
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        return innermost.hasMatchedOption("--verbose");
    }
}
