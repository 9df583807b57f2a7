package org.blockrecurrent.cli;

import org.blockrecurrent.tensor.Backend;
import org.blockrecurrent.vit.VisionTransformer;
import org.blockrecurrent.vit.hub.FoundModel;
import org.blockrecurrent.vit.hub.HubSettings;
import org.blockrecurrent.vit.hub.ModelFinder;
import org.blockrecurrent.vit.hub.PublishedModels;
import org.blockrecurrent.vit.image.Preprocessing;
import org.blockrecurrent.vit.published.Family;
import org.blockrecurrent.vit.published.LoadOptions;
import org.blockrecurrent.vit.published.PublishedWeights;
import picocli.CommandLine.Option;

/** Which published model, and how pictures are brought to it. */
final class ModelOption {
    /** DINOv2's own evaluations show 224 pixels to models whose positions were trained for 518. */
    private static final int SIDE_OF_DINOV2 = 224;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            required = true,
            description =
                    "A file or folder of weights, or a name that is looked for in the caches of torch.hub and Hugging Face, "
                            + "such as dinov2_vitb14_reg. Nothing is downloaded.")
    private String name;

    @Option(
            names = "--timm-name",
            paramLabel = "NAME",
            description = "What timm calls the model, where neither its file nor a config.json says so.")
    private String timmName;

    @Option(
            names = "--image-size",
            paramLabel = "N",
            description =
                    "The side in pixels that pictures are brought to, a multiple of the patch. Default: 224 for DINOv2, else "
                            + "what the model was trained for.")
    private Integer side;

    @Option(
            names = "--preprocessing",
            paramLabel = "NAME",
            description =
                    "How: clip, deit, augreg, dinov2, siglip, timm-clip or timm-dinov2. Default: as a file beside the weights says, or as is usual for the "
                            + "family.")
    private String preprocessing;

    /** A model at the size of its pictures. */
    record Opened(VisionTransformer model, Preprocessing preprocessing, String origin) {}

    /** In the backend's current scope. */
    Opened open(Backend backend) {
        FoundModel found = new ModelFinder(HubSettings.fromEnvironment(), PublishedModels.load()).find(name);
        LoadOptions options = timmName == null ? LoadOptions.NONE : LoadOptions.NONE.withModel(timmName);
        try (PublishedWeights weights = PublishedWeights.open(found.weights(), options)) {
            Preprocessing pictures =
                    preprocessing(weights).requirePatches(weights.config().patchSize());
            VisionTransformer model = weights.load(backend).at(pictures.height(), pictures.width());
            return new Opened(model, pictures, found.origin());
        }
    }

    private Preprocessing preprocessing(PublishedWeights weights) {
        boolean dinov2 = weights.family() == Family.DINOV2;
        int trained = weights.config().imageHeight();
        boolean smaller = dinov2 && trained > SIDE_OF_DINOV2;
        int pixels = side != null ? side : smaller ? SIDE_OF_DINOV2 : trained;
        return preprocessing != null ? Preprocessing.named(preprocessing, pixels) : weights.preprocessing(pixels);
    }
}
