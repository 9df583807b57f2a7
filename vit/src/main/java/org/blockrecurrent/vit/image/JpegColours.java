package org.blockrecurrent.vit.image;

import org.jspecify.annotations.Nullable;

/** Which colours the components of a JPEG file are. */
enum JpegColours {
    GREY,
    /** Luma and two chroma components: nearly every JPEG. */
    YCC,
    RGB,
    /** Inks, stored inverted as Adobe does. */
    CMYK,
    /** Luma, chroma and black. */
    YCCK;

    /**
     * By libjpeg's rules: JFIF means YCC; else Adobe's marker says it; else components called R, G, B are these.
     *
     * @param ids of the components, one, three or four
     * @param adobe the transform that Adobe's marker names, or null without one
     */
    static JpegColours of(int[] ids, boolean jfif, @Nullable Integer adobe) {
        if (ids.length == 1) {
            return GREY;
        }
        if (ids.length == 4) {
            return adobe == null || adobe == 0 ? CMYK : YCCK;
        }
        if (jfif || adobe != null) {
            return jfif || adobe != 0 ? YCC : RGB;
        }
        return ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? RGB : YCC;
    }
}
