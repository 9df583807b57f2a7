package org.blockrecurrent.vit.hub;

import java.nio.file.Path;
import java.util.List;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.NearestNames;

/**
 * Downloads models into the caches in which {@link ModelFinder}, and Python programs, look for them. Only when it is asked
 * to. A download that was cut off is continued; every failure is a {@link DownloadException} or another {@link
 * InvalidInputException} that says what to do.
 */
public final class ModelDownloader {
    private final PublishedModels models;
    private final ModelFinder finder;
    private final TorchHubDownload torchHub;
    private final HuggingFaceDownload huggingFace;

    public ModelDownloader(HubSettings settings, PublishedModels models) {
        this(settings, models, Patience.USUAL);
    }

    ModelDownloader(HubSettings settings, PublishedModels models, Patience patience) {
        this.models = models;
        finder = new ModelFinder(settings, models);
        HubClient client = new HubClient(settings, patience);
        torchHub = new TorchHubDownload(client, new TorchHubCache(settings.torchCheckpoints()));
        huggingFace =
                new HuggingFaceDownload(client, settings.endpoint(), new HuggingFaceCache(settings.huggingFaceCache()));
    }

    /** Downloads the model of that name, or the repository of that name, from the first place where it is published. */
    public FoundModel download(String name, DownloadListener listener) {
        List<ModelSource> sources = models.sources(name);
        if (sources.isEmpty()) {
            throw new InvalidInputException("no published model is called '" + name + "'"
                    + NearestNames.hint(name, models.names()) + "; a repository is named as OWNER/NAME");
        }
        if (sources.get(0) instanceof ModelSource.HubFile file) {
            torchHub.get(file, listener);
        } else {
            huggingFace.get((ModelSource.Repository) sources.get(0), listener);
        }
        return finder.findByName(name);
    }

    /**
     * Downloads the linear classifier of a model.
     *
     * @param blocks 1 for that on the last block, 4 for that on the last four
     */
    public Path downloadLinearHead(PublishedModel model, int blocks, DownloadListener listener) {
        return torchHub.get(ModelFinder.headFile(model, blocks), listener);
    }
}
