package org.blockrecurrent.vit.image;

/** Colours for numbers from 0 to 1, drawn as straight lines between a few given ones. */
enum ColourMap {
    /** Dark violet, blue, green, yellow: lightness grows evenly. Anchors of matplotlib's viridis (CC0). */
    VIRIDIS(0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6DCD59, 0xB4DE2C, 0xFDE725),
    /** Black, violet, red, yellow, white: lightness grows evenly. Anchors of matplotlib's inferno (CC0). */
    INFERNO(0x000004, 0x1B0C41, 0x4A0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9B06, 0xF7D13D, 0xFCFFA4);

    private final int[] anchors;

    ColourMap(int... anchors) {
        this.anchors = anchors;
    }

    /** The colour of a number as 0xRRGGBB; what lies outside 0 … 1 has the colour of the nearer end. */
    int of(double x) {
        double place = Math.max(0, Math.min(1, x)) * (anchors.length - 1);
        int from = Math.min(anchors.length - 2, (int) place);
        double share = place - from;
        int colour = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int low = anchors[from] >> shift & 0xFF;
            int high = anchors[from + 1] >> shift & 0xFF;
            colour |= (int) Math.rint(low + share * (high - low)) << shift;
        }
        return colour;
    }
}
