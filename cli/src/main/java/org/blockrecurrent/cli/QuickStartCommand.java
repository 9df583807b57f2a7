package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.data.DataSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor quickstart}: the whole story in one run. Also a main class; {@link QuickStart} tells it in few lines. */
@Command(
        name = "quickstart",
        description = {
            "Goes the whole way once, in some minutes, on images that come with the product:",
            "",
            "  1. trains a small Vision Transformer, the teacher;",
            "  2. finds 2 and 3 phases of its layers;",
            "  3. trains a Raptor for each: one recurrent block per phase;",
            "  4. compares both with the teacher;",
            "  5. measures the dynamics of all three over depth, beside baselines;",
            "  6. writes report.html.",
            "",
            "Ctrl-C saves; the same command with the same --out continues, to the same bits as if it had never stopped."
        },
        footer = {
            "",
            "Examples:",
            "  raptor quickstart",
            "  raptor quickstart --smoke",
            "  raptor quickstart --seed 1 --out runs/seed1"
        })
public final class QuickStartCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private SizeOption size;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write the report, checkpoints, tables, summary.json and config.json. "
                    + "Default: runs/quickstart-TIME.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The same seed gives the same bits. Default: ${DEFAULT-VALUE}.")
    private long seed;

    private final Session session;

    QuickStartCommand(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(QuickStartCommand.class, "quickstart", args);
    }

    @Override
    public Integer call() {
        DataSet images = size.of(data.open());
        VitConfig vit = size.vit(images.train(), null);
        QuickStartRun.Plan plan = new QuickStartRun.Plan(
                vit,
                size.teacherTraining().withSeed(seed),
                RaptorConfig.quickStart(vit),
                size.raptorTraining().withSeed(seed),
                size.probeTraining());
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("quickstart"));
                RunClock clock = RunClock.in(directory);
                Backend backend = Devices.open(run.device, run.threads(), session);
                Progress progress = new Progress(session)) {
            Map<String, Object> settings = settings(images, plan, backend);
            Environment environment = Environment.of(backend.description());
            directory.configure("quickstart", settings, environment);
            if (directory.has(Summary.FILE)) {
                session.say("this run is complete already; choose another --out for a new one");
                return finish(directory, Json.read(directory.file(Summary.FILE), Summary.class));
            }
            QuickStartRun steps = new QuickStartRun(backend, images, directory, clock, progress);
            Summary summary = steps.run(plan, settings, environment);
            DataOption.reportSkipped(images, session);
            return finish(directory, summary);
        }
    }

    private Map<String, Object> settings(DataSet images, QuickStartRun.Plan plan, Backend backend) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", images.name());
        settings.put("smoke", size.smoke);
        settings.put("seed", seed);
        settings.put("device", backend.name());
        settings.put("plan", plan);
        return settings;
    }

    private int finish(RunDirectory directory, Summary summary) {
        summary.print(session);
        session.say("look at %s", directory.file(QuickStartRun.REPORT).toAbsolutePath());
        return 0;
    }
}
