package org.blockrecurrent.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.raptor.verify.Verification;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.verify.Check;
import org.blockrecurrent.vit.verify.GoldenCase;
import org.blockrecurrent.vit.verify.ModelCases;
import org.blockrecurrent.vit.verify.PictureChecks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor verify}: computes golden values of the official code again. Also a main class. */
@Command(
        name = "verify",
        description = {
            "Computes values of the official code again on a device, and shows, case by case, the largest error as a fraction of "
                    + "what float rounding explains.",
            "",
            "A folder is told by what is in it: models with their outputs, pictures with their pixels, a Raptor's blocks and "
                    + "trainings, phases, or activation stores. Exit code 1 if any value is beyond its tolerance."
        },
        footer = {
            "",
            "Examples:",
            "  raptor verify",
            "  raptor verify --golden fixtures/models",
            "  raptor verify --golden fixtures/raptor --device cuda"
        })
public final class Verify implements Callable<Integer> {
    private static final int FAILURES_SHOWN = 10;

    @Mixin
    private RunOptions run;

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description =
                    "Golden values, in the layout of the project's fixtures. Default: those that come with the product.")
    private Path golden;

    private final Session session;

    Verify(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Verify.class, "verify", args);
    }

    @Override
    public Integer call() {
        if (golden != null && !Files.isDirectory(golden)) {
            throw new InvalidInputException("--golden " + golden + " is no folder; give one with golden values");
        }
        try (Backend backend = Devices.open(run, session)) {
            session.say("%-44s %6s  %s", "case", "values", "largest error as a fraction of its tolerance");
            int failed = golden != null ? verify(golden, backend) : verifyShipped(backend);
            session.say(failed == 0 ? "all values are met" : failed + " values are beyond their tolerance");
            return failed == 0 ? 0 : Failures.FAILED;
        }
    }

    private int verifyShipped(Backend backend) {
        int failed = 0;
        try (ShippedGoldenValues shipped = ShippedGoldenValues.open()) {
            for (Path folder : shipped.sets()) {
                failed += verify(folder, backend);
            }
        }
        return failed;
    }

    /** Shows a line for each case of a folder; returns how many values are beyond their tolerance. */
    private int verify(Path folder, Backend backend) {
        if (Verification.knows(folder)) {
            try (Scope scope = backend.openScope()) {
                return show(Verification.of(folder, backend));
            }
        }
        if (Files.isDirectory(folder.resolve("files"))) {
            return show(PictureChecks.of(folder));
        }
        int failed = 0;
        for (GoldenCase model : ModelCases.in(folder)) {
            session.stop().check();
            failed += show(model.check(backend));
        }
        return failed;
    }

    /** A line for each case; returns how many values are beyond their tolerance. */
    private int show(List<Check> checks) {
        Map<String, Worst> cases = new LinkedHashMap<>();
        for (Check check : checks) {
            cases.computeIfAbsent(check.name().split(",")[0], name -> new Worst())
                    .add(check);
        }
        cases.forEach((name, worst) -> session.say("%-44s %6d  %s", name, worst.values, worst.text()));
        List<Check> failed = checks.stream().filter(check -> !check.passed()).toList();
        failed.stream()
                .limit(FAILURES_SHOWN)
                .forEach(check -> session.say(
                        "  BEYOND: %s: error %.3g, allowed %.3g", check.name(), check.error(), check.tolerance()));
        return failed.size();
    }

    private static final class Worst {
        private int values;
        private double share;

        void add(Check check) {
            values++;
            // A value that cannot be compared counts as infinitely far off.
            share = Double.isNaN(check.error()) ? Double.POSITIVE_INFINITY : Math.max(share, check.share());
        }

        String text() {
            return share == 0 ? "equal" : Format.decimals(share, 3);
        }
    }
}
