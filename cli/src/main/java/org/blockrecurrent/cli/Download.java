package org.blockrecurrent.cli;

import java.util.concurrent.Callable;
import org.blockrecurrent.vit.hub.FoundModel;
import org.blockrecurrent.vit.hub.HubSettings;
import org.blockrecurrent.vit.hub.ModelDownloader;
import org.blockrecurrent.vit.hub.PublishedModels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raptor download}: fetches a published model. The only command that opens a connection. Also a main class. */
@Command(
        name = "download",
        description = {
            "Downloads a published model into the cache of torch.hub or Hugging Face, where their Python programs find it too.",
            "",
            "A download that was cut off is continued, and checked by its hash. Without a name, lists the names."
        },
        footer = {"", "Examples:", "  raptor download", "  raptor download dinov2_vits14_reg"})
public final class Download implements Callable<Integer> {
    private static final int KILO = 1024;

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A name, or OWNER/REPOSITORY.")
    private String name;

    @Option(names = "--verbose", description = "After an error, show where in the program it arose.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    private final Session session;

    Download(Session session) {
        this.session = session;
    }

    public static void main(String[] args) {
        Main.main(Download.class, "download", args);
    }

    @Override
    public Integer call() {
        PublishedModels models = PublishedModels.load();
        if (name == null) {
            models.names().forEach(session::say);
            return 0;
        }
        try (Progress progress = new Progress(session)) {
            FoundModel found = new ModelDownloader(HubSettings.fromEnvironment(), models)
                    .download(name, (file, done, total) -> {
                        if (total > 0) {
                            progress.step(file, (int) (done / KILO), (int) (total / KILO), "KiB");
                        }
                    });
            session.say("%s is in %s", name, found.weights());
        }
        return 0;
    }
}
