package org.blockrecurrent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Tensor;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.hub.HubSettings;
import org.blockrecurrent.vit.hub.ModelFinder;
import org.blockrecurrent.vit.hub.PublishedModels;
import org.blockrecurrent.vit.published.DinoHead;

/**
 * A model with what reads classes from it.
 *
 * @param logits {@code (B, C, height, width) → (B, K)}
 * @param origin where the head is from, for people
 */
record Classifier(UnaryOperator<Tensor> logits, String origin) {
    private static final String LINEAR = "linear";
    private static final String LINEAR_OF_FOUR = "linear4";

    /**
     * The head of the model, or one beside it.
     *
     * @param head a file, {@code linear} or {@code linear4}; null for the model's own, or else the published linear one
     */
    static Classifier of(VisionTransformer model, ChosenModel chosen, String head, Backend backend) {
        boolean own = model.config().classes() > 0;
        if (own && head == null) {
            return new Classifier(model::logits, "the model's own");
        }
        Path file = file(chosen, head);
        DinoHead linear = DinoHead.load(file, model.config().embedDim(), backend);
        return new Classifier(images -> linear.logits(model, images), file.toString());
    }

    private static Path file(ChosenModel chosen, String head) {
        boolean named = head == null || head.equals(LINEAR) || head.equals(LINEAR_OF_FOUR);
        if (!named) {
            return Path.of(head);
        }
        return chosen.found()
                .model()
                .map(known -> new ModelFinder(HubSettings.fromEnvironment(), PublishedModels.load())
                        .linearHead(known, LINEAR_OF_FOUR.equals(head) ? 4 : 1))
                .orElseThrow(
                        () -> new InvalidInputException(
                                "the model has no classes of its own"
                                        + "; give a linear head by --head FILE, such as dinov2_vits14_linear_head.pth, or the model by its name"));
    }

    /** Names of classes, a line each, in the order of the labels. */
    static List<String> names(Path file, int classes) {
        try {
            List<String> names = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (names.size() != classes) {
                throw new InvalidInputException(file + " has " + names.size() + " names, the head has " + classes
                        + " classes; give a line for each");
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the names of classes in " + file, e);
        }
    }
}
