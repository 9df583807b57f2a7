package org.blockrecurrent.vit.published;

import java.util.Locale;
import org.blockrecurrent.vit.VitConfig;
import org.blockrecurrent.vit.VitConfig.Pooling;

/** The families of published models; which one a file holds decides what Hugging Face calls its tensors. */
public enum Family {
    /** DINOv2, with and without registers. */
    DINOV2,
    /** Supervised ViT and DeiT. */
    VIT,
    /** Image towers of CLIP. */
    CLIP,
    /** Image towers of SigLIP. */
    SIGLIP;

    /** Told by what no other family has: a norm in front, an attention pool, LayerScale. */
    public static Family of(VitConfig config) {
        if (config.form().preNorm()) {
            return CLIP;
        }
        if (config.pooling() == Pooling.ATTENTION) {
            return SIGLIP;
        }
        return config.layerScaleInit() > 0 ? DINOV2 : VIT;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
