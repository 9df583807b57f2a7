package org.blockrecurrent.raptor.controls;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.blockrecurrent.raptor.RaptorConfig;
import org.blockrecurrent.raptor.evaluation.RaptorEvaluation;
import org.blockrecurrent.raptor.phases.DissimilarityMatrix;
import org.blockrecurrent.raptor.phases.LayerAssignment;
import org.blockrecurrent.raptor.phases.LayerDissimilarity;
import org.blockrecurrent.raptor.phases.PhaseSplitter;
import org.blockrecurrent.raptor.phases.Phases;
import org.blockrecurrent.raptor.phases.RandomPartition;
import org.blockrecurrent.raptor.training.RaptorTrainer;
import org.blockrecurrent.raptor.training.RaptorTraining;
import org.blockrecurrent.raptor.training.TrainedRaptor;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.vit.LayerMap;
import org.blockrecurrent.vit.TrajectoryStream;
import org.blockrecurrent.vit.data.Batches;
import org.blockrecurrent.vit.data.DataSet;
import org.blockrecurrent.vit.training.Teacher;
import org.blockrecurrent.vit.training.TrainingListener;

/**
 * Measures what the phases of a teacher are worth, against controls that could do as well by chance or by triviality:
 *
 * <ul>
 *   <li>{@code found phases}: Raptors on the phases that were found, the claim;
 *   <li>{@code random contiguous}: on contiguous phases by chance; {@code shuffled layers}: on as large sets of layers that
 *       are no neighbours;
 *   <li>{@code untrained teacher}: Raptors of a teacher with random parameters, on the phases of its own. The paper says
 *       that it is easier to fit: a good fit alone is no evidence of structure that was learned;
 *   <li>{@code identity}: no computation, what remains of accuracy and R² when x₀ is the answer at every depth;
 *   <li>{@code replaced inside} and {@code replaced across}: the teacher itself with 1 to 3 layers computed by another layer
 *       of the same phase, or of another, without training (on the phases of the smallest k).
 * </ul>
 *
 * <p>Outcomes are reported whichever way they fall.
 */
public final class Controls {
    private static final int BATCH = 250;
    private static final int MOST_REPLACED = 3;

    private final Backend backend;
    private final Teacher teacher;
    private final DataSet data;
    private final ControlSettings settings;
    private final Path folder;
    private final TrainingListener listener;
    private final ControlTable table = new ControlTable();

    /** Checkpoints go below {@code folder}: a run that was stopped goes on there. */
    public Controls(
            Backend backend,
            Teacher teacher,
            DataSet data,
            ControlSettings settings,
            Path folder,
            TrainingListener listener) {
        this.backend = backend;
        this.teacher = teacher;
        this.data = data.first(
                Math.min(settings.trainImages(), data.train().count()),
                Math.min(settings.testImages(), data.test().count()));
        this.settings = settings;
        this.folder = folder;
        this.listener = listener;
    }

    /** Measures everything; {@code progress} receives a line for each part. */
    public ControlTable run(Consumer<String> progress) {
        Map<Integer, Phases> found = phases(teacher);
        found.forEach((k, phases) -> progress.accept("phases found for k = " + k + ": " + phases));
        identity();
        for (long seed : settings.seeds()) {
            progress.accept("seed " + seed + ": Raptors on phases found, by chance and shuffled");
            partitions(found, seed);
            progress.accept("seed " + seed + ": Raptors of an untrained teacher");
            untrained(seed);
            progress.accept("seed " + seed + ": layers replaced");
            replacements(found.get(settings.ks().get(0)), seed);
        }
        return table;
    }

    private Map<Integer, Phases> phases(Teacher of) {
        LayerDissimilarity dissimilarity = new LayerDissimilarity();
        Batches batches = of.evaluation(data.train(), BATCH);
        TrajectoryStream.forEach(
                of.model(), of.model(), backend, batches, (trajectory, labels) -> dissimilarity.accept(trajectory));
        DissimilarityMatrix matrix = dissimilarity.result();
        Map<Integer, Phases> phases = new LinkedHashMap<>();
        settings.ks()
                .forEach(k ->
                        phases.put(k, PhaseSplitter.named(PhaseSplitter.DEFAULT).split(matrix, k)));
        return phases;
    }

    private void identity() {
        LayerMap identity = IdentityMap.of(teacher.model());
        table.add(ControlRow.of("identity", 0, 0, "", evaluate(identity, 0, 0)));
    }

    private void partitions(Map<Integer, Phases> found, long seed) {
        Map<String, LayerAssignment> surrogates = new LinkedHashMap<>();
        Map<String, String> controls = new LinkedHashMap<>();
        found.forEach((k, phases) -> {
            Map<String, LayerAssignment> ofK = new LinkedHashMap<>();
            ofK.put("found phases", phases);
            ofK.put("random contiguous", RandomPartition.contiguous(phases.layers(), k, 1, seed));
            ofK.put("shuffled layers", RandomPartition.shuffled(phases, seed));
            ofK.forEach((control, assignment) -> {
                String name = control.replace(' ', '-') + "-k" + k;
                surrogates.put(name, assignment);
                controls.put(name, control);
            });
        });
        train(teacher, surrogates, controls, "seed-" + seed, seed);
    }

    /** Each seed draws an untrained teacher of its own, and finds its phases. */
    private void untrained(long seed) {
        try (Scope scope = backend.openScope()) {
            Teacher untrained = teacher.untrainedTwin(backend, seed);
            Map<String, LayerAssignment> surrogates = new LinkedHashMap<>();
            Map<String, String> controls = new LinkedHashMap<>();
            phases(untrained).forEach((k, phases) -> {
                surrogates.put("untrained-k" + k, phases);
                controls.put("untrained-k" + k, "untrained teacher");
            });
            train(untrained, surrogates, controls, "untrained-" + seed, seed);
        }
    }

    private void train(
            Teacher of, Map<String, LayerAssignment> surrogates, Map<String, String> controls, String name, long seed) {
        RaptorConfig config = ControlSettings.raptor(of.config());
        RaptorTraining training = settings.training().withSeed(seed);
        try (Scope scope = backend.openScope()) {
            List<TrainedRaptor> trained = new RaptorTrainer(backend, of, data.train(), config, training)
                    .train(surrogates, folder.resolve(name), listener);
            for (TrainedRaptor raptor : trained) {
                RaptorEvaluation evaluation =
                        RaptorEvaluation.of(of.model(), raptor.raptor(), backend, of.evaluation(data.test(), BATCH));
                String assignment = raptor.raptor().assignment().toString();
                table.add(ControlRow.of(controls.get(raptor.name()), raptor.k(), seed, assignment, evaluation));
            }
        }
    }

    private void replacements(Phases phases, long seed) {
        for (int count = 1; count <= MOST_REPLACED; count++) {
            for (LayerReplacement.Donor donor : LayerReplacement.Donor.values()) {
                for (int draw = 0; draw < settings.replacementDraws(); draw++) {
                    long drawSeed = seed * 1_000 + draw;
                    LayerReplacement replaced = LayerReplacement.draw(teacher.model(), phases, count, donor, drawSeed);
                    if (replaced != null) {
                        String control = "replaced " + donor.label() + ", " + count;
                        int distinct = teacher.model().layers() - count;
                        table.add(ControlRow.of(
                                control, 0, drawSeed, replaced.toString(), evaluate(replaced, distinct, 1)));
                    }
                }
            }
        }
    }

    private RaptorEvaluation evaluate(LayerMap map, int blocks, double costRatio) {
        return RaptorEvaluation.of(
                teacher.model(), map, blocks, costRatio, backend, teacher.evaluation(data.test(), BATCH));
    }
}
