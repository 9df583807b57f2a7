package org.blockrecurrent.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.blockrecurrent.dynamics.report.Table;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.VisionTransformer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code raptor classify}: what a published model takes pictures for. Also a main class. */
@Command(
        name = "classify",
        description = {
            "Says what pictures show, by a published model with a head: the likeliest classes with their probabilities.",
            "",
            "Models that were published as classifiers have their head in their file; for DINOv2 there are linear heads beside it."
        },
        footer = {
            "",
            "Examples:",
            "  raptor classify photos/ --model deit_small_patch16_224",
            "  raptor classify a.jpg --model dinov2_vits14 --head linear4 --names imagenet-classes.txt"
        })
public final class ClassifyPictures implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private ModelOption modelOption;

    @Mixin
    private PictureArguments pictures;

    @Option(
            names = "--head",
            paramLabel = "HEAD",
            description =
                    "A linear head of DINOv2: a file, or linear or linear4 for those in torch.hub's cache that read the last layer "
                            + "or the last four. Default: the model's own, or else linear.")
    private String head;

    @Option(
            names = "--names",
            paramLabel = "FILE",
            description =
                    "What the classes are called: a text file with a line for each, in order. Default: as config.json says "
                            + "beside the weights; else numbers from 0.")
    private Path namesFile;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many classes to show. Default: ${DEFAULT-VALUE}.")
    private int top;

    @Option(names = "--out", paramLabel = "FILE", description = "Also write the answers as a table: a CSV file.")
    private Path out;

    private final Session session;

    ClassifyPictures(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(ClassifyPictures.class, "classify", args);
    }

    @Override
    public Integer call() {
        if (top < 1) {
            throw new InvalidInputException("--top must be at least 1, got " + top);
        }
        List<Path> files = pictures.files();
        ChosenModel chosen = modelOption.choose();
        List<List<String>> rows = new ArrayList<>();
        try (Backend backend = Devices.open(run, session)) {
            VisionTransformer model = chosen.load(backend);
            Classifier classifier = Classifier.of(model, chosen, head, backend);
            session.say(
                    "model: %s; head: %s; pictures: %s", chosen.origin(), classifier.origin(), chosen.preprocessing());
            int batch = pictures.batch(model.config());
            for (int from = 0; from < files.size(); from += batch) {
                session.stop().check();
                List<Path> some = files.subList(from, Math.min(files.size(), from + batch));
                try (Scope scope = backend.openScope()) {
                    Tensor images = PictureArguments.read(some, chosen.preprocessing(), backend, new ArrayList<>());
                    rows.addAll(answers(some, classifier.logits().apply(images), chosen));
                }
            }
        }
        if (out != null) {
            Csv.write(new Table(List.of("picture", "rank", "class", "name", "probability"), rows), out);
            session.say("wrote %s", out);
        }
        return 0;
    }

    /** Says the likeliest classes of each picture and returns them as rows. */
    private List<List<String>> answers(List<Path> files, Tensor logits, ChosenModel chosen) {
        int classes = logits.dim(1);
        List<String> names = namesFile != null ? Classifier.names(namesFile, classes) : chosen.classNames(classes);
        float[] values = logits.toArray();
        List<List<String>> rows = new ArrayList<>();
        for (int picture = 0; picture < files.size(); picture++) {
            session.say("%s", files.get(picture));
            double[] shares = softmax(values, picture * classes, classes);
            List<Integer> likeliest = IntStream.range(0, classes)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer label) -> -shares[label]))
                    .limit(top)
                    .toList();
            for (int rank = 0; rank < likeliest.size(); rank++) {
                int label = likeliest.get(rank);
                session.say("  %8s  %s", Format.percent(shares[label]), names.get(label));
                rows.add(List.of(
                        files.get(picture).toString(),
                        Integer.toString(rank + 1),
                        Integer.toString(label),
                        names.get(label),
                        String.format(Locale.ROOT, "%.6g", shares[label])));
            }
        }
        return rows;
    }

    private static double[] softmax(float[] logits, int offset, int classes) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < classes; i++) {
            largest = Math.max(largest, logits[offset + i]);
        }
        double[] shares = new double[classes];
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            shares[i] = Math.exp(logits[offset + i] - largest);
            sum += shares[i];
        }
        for (int i = 0; i < classes; i++) {
            shares[i] /= sum;
        }
        return shares;
    }
}
