package org.blockrecurrent.vit.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that is on this machine.
 *
 * @param weights what {@link org.blockrecurrent.tensor.io.weights.TensorFiles#open} opens
 * @param config {@code config.json} beside the weights, if there is one
 * @param model what it is, if it was asked for by a name of the table
 * @param origin where it was found, for people: {@code torch.hub's cache}, {@code repository facebook/dinov2-base}
 */
public record FoundModel(Path weights, Optional<Path> config, Optional<PublishedModel> model, String origin) {}
