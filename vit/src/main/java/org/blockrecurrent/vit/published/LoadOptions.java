package org.blockrecurrent.vit.published;

import java.nio.file.Path;
import org.blockrecurrent.vit.PositionRule;
import org.jspecify.annotations.Nullable;

/**
 * What a user may say about a file that it does not say itself, or wants otherwise. Null leaves a thing to the file.
 *
 * @param scheme whose names the tensors have
 * @param model name of the model in timm, where no configuration lies beside the file
 * @param config the configuration, where it lies elsewhere
 * @param positions how positions are resampled for images of another size
 */
public record LoadOptions(
        @Nullable NamingScheme scheme,
        @Nullable String model,
        @Nullable Path config,
        @Nullable PositionRule positions) {
    /** All as the file says. */
    public static final LoadOptions NONE = new LoadOptions(null, null, null, null);

    public LoadOptions withScheme(NamingScheme other) {
        return new LoadOptions(other, model, config, positions);
    }

    public LoadOptions withModel(String other) {
        return new LoadOptions(scheme, other, config, positions);
    }

    public LoadOptions withConfig(Path other) {
        return new LoadOptions(scheme, model, other, positions);
    }

    public LoadOptions withPositions(PositionRule other) {
        return new LoadOptions(scheme, model, config, other);
    }
}
