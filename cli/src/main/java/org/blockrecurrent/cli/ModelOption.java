package org.blockrecurrent.cli;

import picocli.CommandLine.Option;

/** Which published model, and how pictures are brought to it. */
final class ModelOption {
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

    ChosenModel choose() {
        return ChosenModel.of(name, timmName, side, preprocessing);
    }
}
