package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.raptor.controls.IdentityMap;
import org.blockrecurrent.raptor.probe.Features;
import org.blockrecurrent.raptor.probe.LinearProbe;
import org.blockrecurrent.raptor.probe.NearestNeighbors;
import org.blockrecurrent.raptor.probe.ProbeTraining;
import org.blockrecurrent.raptor.training.RaptorCheckpoint;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TokenGroup;
import org.blockrecurrent.vit.VitConfig.Pooling;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor probe}: how much can be read off frozen features, of a teacher and its Raptors. Also a main class. */
@Command(
        name = "probe",
        description = {
            "Trains linear probes on the frozen features of labelled images, and asks the nearest neighbours: teacher and Raptors "
                    + "side by side.",
            "",
            "Features are read after the final norm: the class token, and the class token beside the mean patch. Probes learn "
                    + "on the training images; the accuracies are on the test images."
        },
        footer = {
            "",
            "Examples:",
            "  raptor probe --teacher dinov2_vits14 --data images:flowers/",
            "  raptor probe --teacher runs/q/teacher.safetensors --raptor runs/q/raptor-k2.safetensors --baselines"
        })
public final class Probe implements Callable<Integer> {
    private static final String FILE = "probe.csv";
    private static final String ROW = "%-16s %-20s %14s %14s";
    /** Small sets are shown until the probe has taken about so many steps. */
    private static final int LEAST_STEPS = 1000;

    @Mixin
    private RunOptions run;

    @Mixin
    private DataOption data;

    @Mixin
    private TeacherOption teacherOption;

    @Option(
            names = "--raptor",
            paramLabel = "FILE",
            description = "A Raptor's checkpoint, as 'quickstart' and 'train' write it. May be given several times.")
    private List<Path> raptorFiles = new ArrayList<>();

    @Option(
            names = "--baselines",
            description =
                    "Also show what can be read off the embedding alone, and off an untrained twin of the teacher.")
    private boolean baselines;

    @Option(
            names = "--neighbors",
            paramLabel = "K",
            defaultValue = "20",
            description = "How many nearest training images vote. Default: ${DEFAULT-VALUE}, as DINO.")
    private int neighbors;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description =
                    "Passes of a probe over the training images. Default: 15, or more until 1000 steps are taken.")
    private Integer epochs;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where to write probe.csv and config.json. Default: runs/probe-TIME.")
    private Path out;

    private final Session session;

    Probe(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Probe.class, "probe", args);
    }

    @Override
    public Integer call() {
        ChosenTeacher chosen = teacherOption.choose(data);
        DataSet images = data.open(chosen);
        if (images.train().classes() < 2) {
            throw new InvalidInputException(images.name()
                    + " has one class only; give labelled images, such as images:FOLDER with a sub-folder for each");
        }
        raptorFiles.forEach(RaptorCheckpoint::card);
        try (RunDirectory directory = RunDirectory.open(out != null ? out : RunDirectory.fresh("probe"));
                Backend backend = Devices.open(run, session);
                Progress progress = new Progress(session)) {
            Teacher teacher = chosen.load(backend);
            ProbeTraining training = training(images.train().count());
            directory.configure("probe", settings(images, backend, training), Environment.of(backend.description()));
            Readings readings = new Readings(backend, images, training, progress);
            readings.of("teacher", teacher, teacher.model());
            for (Path file : raptorFiles) {
                TrainedRaptor raptor = RaptorCheckpoint.load(file, backend, teacher.model());
                readings.of(RaptorResult.label(raptor.k()), teacher, raptor.raptor());
            }
            if (baselines) {
                readings.of("embedding", teacher, IdentityMap.of(teacher.model()));
                Teacher twin = teacher.untrainedTwin(backend, 0);
                readings.of("untrained twin", twin, twin.model());
            }
            Csv.write(readings.table(), directory.file(FILE));
            readings.print();
            session.say(
                    "%d images to learn from, %d to test on, %d classes; saved in %s",
                    images.train().count(),
                    images.test().count(),
                    images.train().classes(),
                    directory.file(FILE));
        }
        DataOption.reportSkipped(images, session);
        return 0;
    }

    private ProbeTraining training(int images) {
        ProbeTraining usual = ProbeTraining.quickStart();
        int perEpoch = Math.max(1, images / usual.batchSize());
        return usual.withEpochs(epochs != null ? epochs : Math.max(usual.epochs(), LEAST_STEPS / perEpoch));
    }

    private Map<String, ?> settings(DataSet images, Backend backend, ProbeTraining training) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", images.name());
        settings.put("device", backend.name());
        settings.put("teacher", teacherOption.name);
        settings.put("raptors", raptorFiles.stream().map(Path::toString).toList());
        settings.put("baselines", baselines);
        settings.put("neighbors", neighbors);
        settings.put("probe", training);
        return settings;
    }

    /** The accuracies, a row for each model and each kind of features. */
    private final class Readings {
        private final Backend backend;
        private final DataSet images;
        private final ProbeTraining training;
        private final Progress progress;
        private final List<List<String>> rows = new ArrayList<>();

        Readings(Backend backend, DataSet images, ProbeTraining training, Progress progress) {
            this.backend = backend;
            this.images = images;
            this.training = training;
            this.progress = progress;
        }

        /** {@code map} is the model itself or a surrogate; embedding and final norm are the model's. */
        void of(String name, Teacher model, LayerMap map) {
            String task = "reading " + name;
            boolean hasCls = model.model().layout().has(TokenGroup.CLS);
            Pooling pooling =
                    hasCls ? Pooling.CLS_AND_MEAN_PATCH : model.config().pooling();
            int batch = TeacherOption.evaluationBatch(model.config());
            progress.step(task, 0, 3, "steps");
            Features seen = Features.of(model.model(), map, pooling, backend, model.evaluation(images.train(), batch));
            progress.step(task, 1, 3, "steps");
            Features unseen = Features.of(model.model(), map, pooling, backend, model.evaluation(images.test(), batch));
            progress.step(task, 2, 3, "steps");
            if (hasCls) {
                int width = model.config().embedDim();
                add(name, "cls", seen.columns(0, width), unseen.columns(0, width));
                add(name, "cls, mean patch", seen, unseen);
            } else {
                add(name, "pooled", seen, unseen);
            }
            progress.step(task, 3, 3, "steps");
        }

        private void add(String name, String kind, Features seen, Features unseen) {
            try (Scope scope = backend.openScope()) {
                double linear = LinearProbe.fresh(backend, seen.width(), seen.classes(), training.seed())
                        .train(seen, training)
                        .accuracy(unseen);
                double nearest = new NearestNeighbors(backend, seen, neighbors).accuracy(unseen);
                rows.add(List.of(name, kind, Format.decimals(linear, 4), Format.decimals(nearest, 4)));
            }
        }

        Table table() {
            return new Table(List.of("model", "features", "linear probe", neighbors + " neighbors"), rows);
        }

        void print() {
            session.say(ROW, table().columns().toArray());
            rows.forEach(row -> session.say(ROW, row.toArray()));
        }
    }
}
