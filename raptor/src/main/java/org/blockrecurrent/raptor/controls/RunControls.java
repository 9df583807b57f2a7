package org.blockrecurrent.raptor.controls;

import java.nio.file.Path;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.backend.vector.VectorBackend;
import org.blockrecurrent.tensor.io.AtomicFile;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.data.ImageSets;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TeacherTrainer;
import org.blockrecurrent.vit.training.TrainingListener;
import org.blockrecurrent.vit.training.TrainingProgress;
import org.blockrecurrent.vit.training.VitCheckpoint;

/**
 * Runs {@link Controls} on the processor: {@code scripts/controls [--smoke] [--teacher FILE] [--data NAME] [--out FOLDER]}.
 *
 * <p>Without a teacher it trains the quick start's, in the folder. It writes {@code controls.csv} and {@code controls.txt}
 * there. A run that was interrupted goes on where it was when started again with the same options.
 */
public final class RunControls {
    private static final String USAGE = "scripts/controls [--smoke] [--teacher FILE] [--data NAME] [--out FOLDER]";

    private boolean smoke;
    private Path teacherFile;
    private String dataName = "builtin";
    private Path out = Path.of("runs", "controls");

    private RunControls() {}

    /** Exit code 0 if all went well, 2 for wrong options, 1 for anything else a user can mend. */
    public static void main(String[] arguments) {
        RunControls run = new RunControls();
        String wrong = run.read(arguments);
        if (wrong != null) {
            System.err.println("controls: " + wrong + "; usage: " + USAGE);
            System.exit(2);
        }
        try {
            run.run();
        } catch (InvalidInputException e) {
            System.err.println("controls: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Reads the options; returns what is wrong with them, or null. */
    private String read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i];
            if (option.equals("--smoke")) {
                smoke = true;
                continue;
            }
            if (i + 1 == arguments.length) {
                return option + " is unknown or lacks its value";
            }
            String value = arguments[++i];
            switch (option) {
                case "--teacher" -> teacherFile = Path.of(value);
                case "--data" -> dataName = value;
                case "--out" -> out = Path.of(value);
                default -> {
                    return "unknown option " + option;
                }
            }
        }
        return null;
    }

    private void run() {
        DataSet data = ImageSets.open(dataName);
        ControlSettings settings = smoke ? ControlSettings.smoke() : ControlSettings.standard();
        long started = System.nanoTime();
        try (Backend backend = VectorBackend.open()) {
            System.out.println(backend.description());
            Teacher teacher = teacher(backend, data);
            System.out.printf("teacher: accuracy %.3f%n", teacher.card().accuracy());
            ControlTable table =
                    new Controls(backend, teacher, data, settings, out, RunControls::report).run(System.out::println);
            AtomicFile.write(out.resolve("controls.csv"), table.csv());
            AtomicFile.write(out.resolve("controls.txt"), table.summary());
            System.out.println();
            System.out.print(table.summary());
        }
        System.out.printf(
                "%d s; %s, means over seeds ± 95 %% intervals; single measurements in %s%n",
                (System.nanoTime() - started) / 1_000_000_000,
                settings.seeds().size() + " seeds",
                out.resolve("controls.csv"));
    }

    private Teacher teacher(Backend backend, DataSet data) {
        if (teacherFile != null) {
            return VitCheckpoint.load(teacherFile, backend);
        }
        DataSet images = smoke ? data.first(200, 100) : data;
        TeacherTrainer trainer = new TeacherTrainer(
                backend, ControlSettings.teacher(smoke), ControlSettings.teacherTraining(smoke), images);
        return trainer.train(out.resolve("teacher"), (TrainingListener) RunControls::report);
    }

    private static void report(TrainingProgress progress) {
        if (progress.step() == progress.steps()) {
            System.out.printf("  %s: %d steps, loss %.4f%n", progress.what(), progress.steps(), progress.loss());
        }
    }
}
