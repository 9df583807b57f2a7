package org.blockrecurrent.vit.hub;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.tensor.io.NearestNames;
import org.blockrecurrent.tensor.io.weights.ModelFolder;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model on this machine by a path, by the name of a {@link PublishedModel}, or by that of a repository. It looks in
 * the caches of torch.hub and of Hugging Face, where Python programs have put what they downloaded; it never downloads.
 */
public final class ModelFinder {
    private static final List<String> FILE_ENDINGS = List.of(".safetensors", ".pth", ".pt", ".bin", ".json");

    private final PublishedModels models;

    private final HuggingFaceCache huggingFace;
    private final TorchHubCache torchHub;

    public ModelFinder(HubSettings settings, PublishedModels models) {
        this.models = models;
        huggingFace = new HuggingFaceCache(settings.huggingFaceCache());
        torchHub = new TorchHubCache(settings.torchCheckpoints());
    }

    /**
     * A file, a folder, or a name; what exists as a path is taken for one. Throws an {@link InvalidInputException} that says
     * where it was looked for and how to download it, or that a file of torch.hub is not the one that it was.
     */
    public FoundModel find(String nameOrPath) {
        Path path = existing(nameOrPath);
        return path == null ? findByName(nameOrPath) : at(path);
    }

    /** As {@link #find}, but never a path. */
    FoundModel findByName(String name) {
        List<ModelSource> sources = models.sources(name);
        for (ModelSource source : sources) {
            Optional<FoundModel> found = found(source, models.find(name));
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw notFound(name, sources);
    }

    /**
     * The file of the linear classifier of a model, from torch.hub's cache.
     *
     * @param blocks 1 for that on the last block, 4 for that on the last four
     */
    public Path linearHead(PublishedModel model, int blocks) {
        ModelSource.HubFile file = headFile(model, blocks);
        return torchHub.find(file)
                .orElseThrow(() -> new InvalidInputException("the linear head of " + model.name()
                        + " is not on this machine: looked for " + torchHub.path(file) + "; download it from "
                        + file.address()));
    }

    static ModelSource.HubFile headFile(PublishedModel model, int blocks) {
        URI address = blocks == 1 ? model.linearHead() : blocks == 4 ? model.linear4Head() : null;
        if (address == null) {
            throw new InvalidInputException(
                    "no linear head on the last " + blocks + " blocks of " + model.name() + " is published");
        }
        return new ModelSource.HubFile(address);
    }

    private static @Nullable Path existing(String text) {
        try {
            Path path = Path.of(text);
            return !text.isBlank() && Files.exists(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static FoundModel at(Path path) {
        boolean folder = Files.isDirectory(path);
        Path weights = folder ? ModelFolder.weights(path) : path;
        Optional<Path> config = config(folder ? path : path.toAbsolutePath().getParent());
        return new FoundModel(weights, config, Optional.empty(), path.toString());
    }

    private static Optional<Path> config(@Nullable Path folder) {
        return Optional.ofNullable(folder).map(f -> f.resolve("config.json")).filter(Files::isRegularFile);
    }

    private Optional<FoundModel> found(ModelSource source, Optional<PublishedModel> model) {
        if (source instanceof ModelSource.HubFile file) {
            return torchHub.find(file)
                    .map(path -> new FoundModel(path, Optional.empty(), model, "torch.hub's cache, " + path));
        }
        ModelSource.Repository repository = (ModelSource.Repository) source;
        return huggingFace
                .snapshot(repository)
                .flatMap(folder -> ModelFolder.find(folder)
                        .map(weights -> new FoundModel(
                                weights, config(folder), model, "repository " + repository.id() + ", " + folder)));
    }

    private InvalidInputException notFound(String name, List<ModelSource> sources) {
        if (FILE_ENDINGS.stream().anyMatch(name::endsWith)) {
            return new InvalidInputException("there is no file " + name + "; give one that exists, or a model's name");
        }
        if (sources.isEmpty()) {
            String hint = NearestNames.hint(name, models.names());
            return new InvalidInputException("'" + name + "' is no file, no folder and no known model" + hint
                    + (hint.isEmpty() ? "; known are " : " Known are ") + String.join(", ", models.names())
                    + ", and every repository of Hugging Face as OWNER/NAME");
        }
        List<String> places = sources.stream().map(this::place).toList();
        return new InvalidInputException(
                "model " + name + " is not on this machine: looked for " + String.join(" and ", places)
                        + ", and there is no such file or folder; get it by: raptor download " + name);
    }

    private String place(ModelSource source) {
        return source instanceof ModelSource.HubFile file
                ? torchHub.path(file).toString()
                : huggingFace.folder((ModelSource.Repository) source).toString();
    }
}
