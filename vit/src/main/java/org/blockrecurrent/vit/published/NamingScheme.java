package org.blockrecurrent.vit.published;

import java.util.Locale;
import org.blockrecurrent.tensor.InvalidInputException;

/** Whose names the tensors of a file have. */
public enum NamingScheme {
    /** The official DINOv2 code and torch.hub. */
    HUB,
    /** Hugging Face transformers. */
    HF,
    /** timm. */
    TIMM,
    /** OpenAI's CLIP, and open_clip. */
    OPENAI;

    /** {@code hub}, {@code hf}, {@code timm} or {@code openai}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static NamingScheme named(String label) {
        for (NamingScheme scheme : values()) {
            if (scheme.label().equals(label)) {
                return scheme;
            }
        }
        throw new InvalidInputException(
                "no naming scheme is called '" + label + "'; there are hub, hf, timm and openai");
    }
}
