package org.blockrecurrent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.blockrecurrent.raptor.published.OfficialExport;
import org.blockrecurrent.raptor.training.RaptorCheckpoint;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.Scope;
import org.blockrecurrent.tensor.backend.reference.ReferenceBackend;
import org.blockrecurrent.vit.hub.FoundModel;
import org.blockrecurrent.vit.hub.HubSettings;
import org.blockrecurrent.vit.hub.ModelFinder;
import org.blockrecurrent.vit.hub.PublishedModels;
import org.blockrecurrent.vit.published.Conversion;
import org.blockrecurrent.vit.published.LoadOptions;
import org.blockrecurrent.vit.published.NamingScheme;
import org.blockrecurrent.vit.published.PublishedWeights;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raptor convert}: weights in another library's names. Also a main class. */
@Command(
        name = "convert",
        description = {
            "Writes the weights of a published model in the names of another library, as model.safetensors with a config.json; or a "
                    + "Raptor of ours in the names of the official code.",
            "",
            "Values are copied, not computed. Nothing in a file is ever executed."
        },
        footer = {
            "",
            "Examples:",
            "  raptor convert dinov2_vits14_pretrain.pth --to hf --out converted/",
            "  raptor convert facebook/dinov2-base --to timm --out converted/",
            "  raptor convert runs/q/raptor-k3.safetensors --to raptor --out raptor3.pth"
        })
public final class Convert implements Callable<Integer> {
    private static final String RAPTOR = "raptor";

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A file or folder of weights, the name of a model in the caches of torch.hub or Hugging Face, "
                            + "or a Raptor's checkpoint.")
    private String model;

    @Option(
            names = "--to",
            paramLabel = "NAMES",
            required = true,
            description = "Whose names: hub, hf, timm or openai; raptor for a Raptor's checkpoint.")
    private String to;

    @Option(
            names = "--out",
            paramLabel = "PLACE",
            required = true,
            description = "A folder; for a Raptor a file that ends with .safetensors or .pth.")
    private Path out;

    @Option(
            names = "--timm-name",
            paramLabel = "NAME",
            description = "What timm calls the model, where neither its file nor a config.json says so.")
    private String timmName;

    @Option(names = "--verbose", description = "After an error, show where in the program it arose.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    private final Session session;

    Convert(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Convert.class, "convert", args);
    }

    @Override
    public Integer call() {
        if (to.equals(RAPTOR)) {
            convertRaptor();
        } else {
            convertModel(NamingScheme.named(to));
        }
        return 0;
    }

    private void convertRaptor() {
        try (Backend backend = new ReferenceBackend();
                Scope scope = backend.openScope()) {
            OfficialExport.write(
                    out, RaptorCheckpoint.load(Path.of(model), backend).raptor());
        }
        session.say("%s in the official code's names", out);
    }

    private void convertModel(NamingScheme scheme) {
        FoundModel found = new ModelFinder(HubSettings.fromEnvironment(), PublishedModels.load()).find(model);
        LoadOptions options = timmName == null ? LoadOptions.NONE : LoadOptions.NONE.withModel(timmName);
        try (PublishedWeights weights = PublishedWeights.open(found.weights(), options)) {
            requireOtherPlace(found.weights());
            createFolder();
            Conversion.write(weights, scheme, out);
            session.say(
                    "%s, %s in the names of %s, is now in %s in the names of %s",
                    found.origin(), weights.family().label(), weights.scheme().label(), out, scheme.label());
        }
    }

    private void requireOtherPlace(Path weights) {
        Path folder =
                Files.isDirectory(weights) ? weights : weights.toAbsolutePath().getParent();
        if (out.toAbsolutePath().normalize().equals(folder.toAbsolutePath().normalize())) {
            throw new InvalidInputException("--out " + out + " is where the weights come from; give another folder");
        }
    }

    private void createFolder() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + out, e);
        }
    }
}
