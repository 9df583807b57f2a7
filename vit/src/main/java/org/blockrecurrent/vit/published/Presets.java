package org.blockrecurrent.vit.published;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.blockrecurrent.tensor.InvalidInputException;
import org.blockrecurrent.vit.VitConfig;

/**
 * Configurations by the names that people know: those of torch.hub ({@code dinov2_vitb14_reg}) and of timm ({@code
 * vit_base_patch16_clip_quickgelu_224}), without a head.
 */
public final class Presets {
    private static final int REGISTERS = 4;
    private static final Map<String, VitConfig> HUB = hub();

    private Presets() {}

    private static Map<String, VitConfig> hub() {
        Map<String, VitConfig> presets = new TreeMap<>();
        for (int registers : new int[] {0, REGISTERS}) {
            String suffix = registers > 0 ? "_reg" : "";
            presets.put("dinov2_vits14" + suffix, VitConfig.dinov2Small(registers));
            presets.put("dinov2_vitb14" + suffix, VitConfig.dinov2Base(registers));
            presets.put("dinov2_vitl14" + suffix, VitConfig.dinov2Large(registers));
            presets.put("dinov2_vitg14" + suffix, VitConfig.dinov2Giant(registers));
        }
        return presets;
    }

    /** The names of torch.hub; those of timm are understood as well. */
    public static SortedSet<String> names() {
        return new TreeSet<>(HUB.keySet());
    }

    /** The configuration of that name; tags of timm's behind a dot do not matter. */
    public static VitConfig named(String name) {
        VitConfig hub = HUB.get(name.endsWith("_reg4") ? name.substring(0, name.length() - 1) : name);
        if (hub != null) {
            return hub;
        }
        TimmName timm = TimmName.of(name);
        VitConfig preset = timm == null ? null : timm.preset();
        if (preset == null) {
            throw new InvalidInputException(
                    "no model is called '" + name + "'; there are " + names()
                            + " and the plain, DINOv2, DeiT, CLIP and SigLIP Vision Transformers of timm, such as vit_base_patch16_224");
        }
        return preset;
    }
}
