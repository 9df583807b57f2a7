package org.blockrecurrent.raptor.training;

import java.nio.file.Path;
import java.util.Map;
import org.blockrecurrent.raptor.Raptor;
import org.blockrecurrent.raptor.TeacherFingerprint;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.Checkpoint;
import org.blockrecurrent.tensor.io.Json;
import org.blockrecurrent.tensor.nn.ParameterSource;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.training.VitCheckpoint;

/**
 * A finished Raptor in one safetensors file: its parameters under the names of the official state dict, and its {@link
 * RaptorCard} as JSON in the metadata.
 */
public final class RaptorCheckpoint {
    private static final String FORMAT = "format";
    private static final String RAPTOR = "raptor for java, raptor";
    private static final String NAME = "name";
    private static final String CARD = "card";

    private RaptorCheckpoint() {}

    /** Writes the file in one step: it is there complete or not at all. */
    public static void save(Path file, TrainedRaptor trained) {
        save(file, trained.name(), trained.raptor(), trained.card());
    }

    static void save(Path file, String name, Raptor raptor, RaptorCard card) {
        Checkpoint.save(
                file,
                VitCheckpoint.tensors(raptor.parameters(), ""),
                Map.of(FORMAT, RAPTOR, NAME, name, CARD, Json.text(card)));
    }

    /** A frozen Raptor, in the backend's current scope. Its teacher is not asked for: compare the fingerprint. */
    public static TrainedRaptor load(Path file, Backend backend) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            RaptorCard card = card(checkpoint);
            RaptorSettings settings = card.settings();
            ParameterSource source =
                    ParameterSource.of(backend, checkpoint.values("")).frozen();
            Raptor raptor = new Raptor(settings.config(), settings.assignment(), settings.layout(), source);
            checkpoint.requireExactly("");
            return new TrainedRaptor(checkpoint.metadata(NAME), raptor, card);
        }
    }

    /** As {@link #load(Path, Backend)}; throws unless the Raptor was trained to follow this very teacher. */
    public static TrainedRaptor load(Path file, Backend backend, VisionTransformer teacher) {
        String found = card(file).settings().teacher();
        String needed = TeacherFingerprint.of(teacher);
        if (!found.equals(needed)) {
            throw new InvalidInputException(file + " was trained to follow another teacher, " + found
                    + ", not this one, " + needed + "; give its own teacher, or train a Raptor of this one");
        }
        return load(file, backend);
    }

    /** What a file says of its Raptor. */
    public static RaptorCard card(Path file) {
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return card(checkpoint);
        }
    }

    private static RaptorCard card(Checkpoint checkpoint) {
        return checkpoint.require(FORMAT, RAPTOR).json(CARD, RaptorCard.class);
    }
}
