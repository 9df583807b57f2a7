package org.blockrecurrent.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The root of the command line: {@code bin/raptor COMMAND}. */
@Command(
        name = "raptor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Rewrites a Vision Transformer with a few recurrent blocks, and shows its depth as a dynamical system.",
            "",
            "New here? Run 'raptor quickstart': it trains a small Vision Transformer on images that come with the product, "
                    + "finds the phases of its layers, trains a surrogate (a Raptor) with one block per phase, and writes a report."
        },
        footer = {"", "'raptor COMMAND --help' explains a command and its options, with examples."})
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Launcher.run(Main.class, args, () -> execute(Session.ofProcess(), args));
    }

    /** What the main class of a command does: as {@code raptor NAME ARGS}. */
    static void main(Class<?> command, String name, String[] args) {
        List<String> all = new ArrayList<>(List.of(name));
        all.addAll(Arrays.asList(args));
        Launcher.run(command, args, () -> execute(Session.ofProcess(), all.toArray(new String[0])));
    }

    /** Runs a command line and returns its exit code. Nothing is thrown. */
    static int execute(Session session, String... args) {
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new QuickStartCommand(session))
                .addSubcommand(new TrainTeacher(session))
                .addSubcommand(new FindPhases(session))
                .addSubcommand(new WriteActivations(session))
                .addSubcommand(new TrainRaptor(session))
                .addSubcommand(new Analyze(session))
                .addSubcommand(new ExtractFeatures(session))
                .addSubcommand(new ClassifyPictures(session))
                .addSubcommand(new Probe(session))
                .addSubcommand(new Verify(session))
                .addSubcommand(new Convert(session))
                .addSubcommand(new Download(session))
                .addSubcommand(new Doctor(session))
                .setOut(session.out())
                .setErr(session.err())
                .setUsageHelpAutoWidth(session.isTerminal());
        Failures failures = new Failures(session);
        line.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
        line.setExecutionStrategy(
                parsed -> isComplete(parsed) ? new CommandLine.RunLast().execute(parsed) : helpFor(line));
        try {
            return line.execute(args);
        } catch (Error failure) {
            return failures.report(failure, false);
        }
    }

    private static boolean isComplete(CommandLine.ParseResult parsed) {
        return parsed.hasSubcommand() || parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    }

    /** {@code raptor} alone: the help, as after a mistake. */
    private static int helpFor(CommandLine line) {
        line.usage(line.getErr());
        return Failures.MISUSED;
    }
}
