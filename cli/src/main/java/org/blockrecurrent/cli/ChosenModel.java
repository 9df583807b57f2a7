package org.blockrecurrent.cli;

import java.util.List;
import java.util.stream.IntStream;
import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.hub.FoundModel;
import org.blockrecurrent.vit.hub.HubSettings;
import org.blockrecurrent.vit.hub.ModelFinder;
import org.blockrecurrent.vit.hub.PublishedModels;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.published.Family;
import org.blockrecurrent.vit.published.LoadOptions;
import org.blockrecurrent.vit.published.PublishedWeights;
import org.jspecify.annotations.Nullable;

/**
 * A published model that was found and looked into, and is not on a device yet.
 *
 * @param config at the size of its pictures
 * @param preprocessing how pictures are brought to that size
 * @param labels what the classes of its head are called; empty if nothing says so
 */
record ChosenModel(
        FoundModel found, LoadOptions options, VitConfig config, Preprocessing preprocessing, List<String> labels) {
    /** DINOv2's own evaluations show 224 pixels to models whose positions were trained for 518. */
    private static final int SIDE_OF_DINOV2 = 224;

    /**
     * Looks for a model where the tools of its authors keep it.
     *
     * @param name a file, a folder, or what the model is called
     * @param timmName what timm calls it; null if the files say so
     * @param side of the pictures, in pixels; null for the usual one
     * @param preprocessing by name; null for that of the files beside the weights, or the usual one
     */
    static ChosenModel of(
            String name, @Nullable String timmName, @Nullable Integer side, @Nullable String preprocessing) {
        FoundModel found = new ModelFinder(HubSettings.fromEnvironment(), PublishedModels.load()).find(name);
        LoadOptions options = timmName == null ? LoadOptions.NONE : LoadOptions.NONE.withModel(timmName);
        try (PublishedWeights weights = PublishedWeights.open(found.weights(), options)) {
            int pixels = side == null ? usualSide(weights) : side;
            Preprocessing pictures =
                    preprocessing == null ? weights.preprocessing(pixels) : Preprocessing.named(preprocessing, pixels);
            pictures = pictures.requirePatches(weights.config().patchSize());
            VitConfig config = weights.config().withImage(pictures.height(), pictures.width());
            return new ChosenModel(found, options, config, pictures, weights.classNames());
        }
    }

    private static int usualSide(PublishedWeights weights) {
        int trained = weights.config().imageHeight();
        return weights.family() == Family.DINOV2 ? Math.min(SIDE_OF_DINOV2, trained) : trained;
    }

    /** Where it was found, for people. */
    String origin() {
        return found.origin();
    }

    /** Names for so many classes: those beside the weights, or numbers from 0. */
    List<String> classNames(int classes) {
        return labels.size() == classes
                ? labels
                : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    /** The model, frozen, in the backend's current scope. */
    VisionTransformer load(Backend backend) {
        try (PublishedWeights weights = PublishedWeights.open(found.weights(), options)) {
            return weights.load(backend).at(preprocessing.height(), preprocessing.width());
        }
    }
}
