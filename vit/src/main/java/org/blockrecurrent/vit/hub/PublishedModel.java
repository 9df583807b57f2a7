package org.blockrecurrent.vit.hub;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One set of weights, and everywhere it is published.
 *
 * @param name what the project calls it: as torch.hub does, else as its repository is called
 * @param torchHub the file that torch.hub downloads
 * @param linearHead a linear classifier on the class token and the mean of the patches
 * @param linear4Head the same on the class tokens of the last four blocks
 * @param huggingFace repository for the transformers library
 * @param classifier repository of the backbone with {@code linearHead}
 * @param timm repository for the timm library
 */
public record PublishedModel(
        String name,
        @Nullable URI torchHub,
        @Nullable URI linearHead,
        @Nullable URI linear4Head,
        @Nullable String huggingFace,
        @Nullable String classifier,
        @Nullable String timm) {

    /** The repositories that hold just these weights, the transformers library's first. */
    public List<String> repositories() {
        return Stream.of(huggingFace, timm).filter(Objects::nonNull).toList();
    }

    /** Where to look for it, in the order in which it is looked for. */
    List<ModelSource> sources() {
        Stream<ModelSource> file = Stream.ofNullable(torchHub).map(ModelSource.HubFile::new);
        return Stream.concat(file, repositories().stream().map(ModelSource.Repository::new))
                .toList();
    }
}
